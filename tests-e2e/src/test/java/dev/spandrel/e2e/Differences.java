package dev.spandrel.e2e;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Where two lists differ, whatever their order. */
final class Differences {
    private Differences() {}

    /** A line for each element that is not as often in the second list as in the first. */
    static List<String> of(String what, List<String> first, List<String> second) {
        Map<String, Integer> counts = new TreeMap<>();
        first.forEach(one -> counts.merge(one, 1, Integer::sum));
        second.forEach(one -> counts.merge(one, -1, Integer::sum));
        return counts.entrySet().stream()
                .flatMap(count -> difference(what, count.getKey(), count.getValue()))
                .toList();
    }

    private static Stream<String> difference(String what, String one, int count) {
        if (count == 0) {
            return Stream.empty();
        }
        return Stream.of(
                what + ": " + one + ": " + Math.abs(count) + " only in the " + (count > 0 ? "first" : "second"));
    }
}
