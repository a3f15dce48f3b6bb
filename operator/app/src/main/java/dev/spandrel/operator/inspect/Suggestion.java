package dev.spandrel.operator.inspect;

import dev.spandrel.policy.Nearest;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** "Did you mean …?" for a pod's name: people know the workload's name and not what is appended to it. */
final class Suggestion {
    private static final int MOST = 3;

    private Suggestion() {}

    /** To be appended to a message; empty where nothing comes near. */
    static String of(String name, List<String> known) {
        List<String> near = known.stream()
                .filter(candidate -> isNear(name, candidate))
                .sorted(Comparator.comparingInt((String candidate) -> candidate.startsWith(name) ? 0 : 1)
                        .thenComparingInt(candidate -> Nearest.distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .toList();
        return near.isEmpty() ? "" : near.stream().collect(Collectors.joining(" or ", "; did you mean ", "?"));
    }

    private static boolean isNear(String name, String candidate) {
        return candidate.startsWith(name) || Nearest.distance(name, candidate) <= Math.max(1, name.length() / 3);
    }
}
