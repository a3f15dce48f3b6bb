package dev.spandrel.agent.metric;

import dev.spandrel.agent.event.Layout;
import dev.spandrel.agent.event.RequestCount;

/** Sums of one series. */
record Totals(long count, long durationNanos, long[] buckets) {
    static final Totals ZERO = new Totals(0, 0, new long[Layout.BUCKETS]);

    Totals plus(RequestCount entry) {
        return plus(entry.count(), entry.durationNanos(), entry.buckets());
    }

    Totals plus(Totals other) {
        return plus(other.count, other.durationNanos, other.buckets);
    }

    private Totals plus(long moreCount, long moreNanos, long[] moreBuckets) {
        long[] sum = buckets.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += moreBuckets[i];
        }
        return new Totals(count + moreCount, durationNanos + moreNanos, sum);
    }
}
