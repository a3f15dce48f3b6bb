package dev.spandrel.probe.live.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Each value once, in the order in which they came. The first stands for none. */
public final class Table<T> {
    private final Map<T, Integer> index = new HashMap<>();
    private final List<T> all = new ArrayList<>();

    Table(T none) {
        of(none);
    }

    int of(T value) {
        return index.computeIfAbsent(value, one -> {
            all.add(one);
            return all.size() - 1;
        });
    }

    public List<T> all() {
        return List.copyOf(all);
    }
}
