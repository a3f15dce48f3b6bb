package dev.spandrel.probe.type;

import java.util.Optional;

/** What a map gathers per CPU: the slots that the kernel adds to, in the order in which they are read. */
public sealed interface Aggregate extends Type {
    /** n */
    record Count() implements Aggregate {
        @Override
        public String toString() {
            return "count_t";
        }
    }

    record Sum(boolean signed) implements Aggregate {
        @Override
        public String toString() {
            return signed ? "sum_t" : "usum_t";
        }
    }

    /** value, whether there is one */
    record Extreme(boolean max, boolean signed) implements Aggregate {
        @Override
        public String toString() {
            return max ? "max_t" : "min_t";
        }
    }

    /** n, total; `whole` shows all three. */
    record Average(boolean whole, boolean signed) implements Aggregate {
        @Override
        public String toString() {
            return whole ? "stats_t" : "avg_t";
        }
    }

    /** n, total. The bucket is the last part of the key. Each power of two has 2^bits buckets. */
    record Histogram(int bits) implements Aggregate {
        @Override
        public String toString() {
            return "hist_t";
        }
    }

    /** Likewise. */
    record Linear(long min, long max, long step) implements Aggregate {
        @Override
        public String toString() {
            return "lhist_t";
        }
    }

    /** How values of one interval become one. */
    enum Within {
        LAST,
        AVG,
        MAX,
        MIN,
        SUM
    }

    /**
     * Interval (its number since boot), n, value, when it was last written. The last part of the key is the interval's number modulo {@code intervals}, so that an interval's slot is that of one long over.
     *
     * @param nanos of an interval
     */
    record Series(long nanos, int intervals, Within within, boolean signed) implements Aggregate {
        public static final int INTERVAL = 0;
        public static final int COUNT = 8;
        public static final int VALUE = 16;
        public static final int WRITTEN = 24;

        @Override
        public String toString() {
            return "tseries_t";
        }
    }

    default int slotBytes() {
        return switch (this) {
            case Series _ -> 32;
            case Count _, Sum _ -> 8;
            case Extreme _, Average _, Histogram _, Linear _ -> 16;
        };
    }

    /** What a program can read of it as a number. */
    default Optional<Type.Int> number() {
        return switch (this) {
            case Count _ -> Optional.of(UINT64);
            case Sum(boolean signed) -> Optional.of(signed ? INT64 : UINT64);
            case Extreme(boolean _, boolean signed) -> Optional.of(signed ? INT64 : UINT64);
            case Average(boolean whole, boolean signed) ->
                whole ? Optional.empty() : Optional.of(signed ? INT64 : UINT64);
            case Histogram _, Linear _, Series _ -> Optional.empty();
        };
    }

    /** Whether a key of the program's is many entries of the map, told apart by the last 8 bytes of their keys. */
    default boolean bucketed() {
        return this instanceof Histogram || this instanceof Linear || this instanceof Series;
    }
}
