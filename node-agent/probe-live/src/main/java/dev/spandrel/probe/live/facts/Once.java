package dev.spandrel.probe.live.facts;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Computed when it is first asked for. */
final class Once<T> implements Supplier<T> {
    private final Supplier<T> source;
    private @Nullable T value;

    private Once(Supplier<T> source) {
        this.source = source;
    }

    static <T> Supplier<T> of(Supplier<T> source) {
        return new Once<>(source);
    }

    @Override
    public synchronized T get() {
        var known = value;
        if (known == null) value = known = source.get();
        return known;
    }
}
