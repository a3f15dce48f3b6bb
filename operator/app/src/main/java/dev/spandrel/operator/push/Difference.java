package dev.spandrel.operator.push;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Between two lists of things with ids, both sorted by them.
 *
 * @param changed those that are new, and those that are told otherwise than before
 * @param removed ids, sorted
 */
record Difference<T>(List<T> changed, List<String> removed) {
    /** From nothing. */
    static <T> Difference<T> all(List<T> target) {
        return new Difference<>(target, List.of());
    }

    /** @param alike whether of two with the same id the same is told */
    static <T> Difference<T> between(List<T> held, List<T> target, Function<T, String> id, BiPredicate<T, T> alike) {
        List<T> changed = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        int next = 0;
        for (T one : target) {
            if (next < held.size() && held.get(next) == one) { // as nearly all are
                next++;
                continue;
            }
            String wanted = id.apply(one);
            while (next < held.size() && id.apply(held.get(next)).compareTo(wanted) < 0) {
                removed.add(id.apply(held.get(next++)));
            }
            boolean known = next < held.size() && id.apply(held.get(next)).equals(wanted);
            if (!known || !alike.test(held.get(next), one)) {
                changed.add(one);
            }
            next += known ? 1 : 0;
        }
        held.subList(next, held.size()).forEach(gone -> removed.add(id.apply(gone)));
        return new Difference<>(changed, removed);
    }
}
