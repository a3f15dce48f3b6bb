package dev.spandrel.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.probe.live.show.Histograms;
import dev.spandrel.probe.type.Aggregate;
import io.opentelemetry.api.common.Attributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void theMiddleOfEachBucketIsInTheBucketThatItBecomes(int bits) {
        TreeMap<Long, Long> counts = new TreeMap<>();
        for (long bucket = 2; bucket < 40L << bits; bucket++) counts.put(bucket, 1L);
        for (Histograms.Bucket bucket : Histograms.buckets(new Aggregate.Histogram(bits), counts)) {
            int index = Points.index(bucket, bits);
            double base = Math.pow(2, Math.pow(2, -bits));
            double value = bucket.to() - bucket.from() == 1 ? bucket.from() : (bucket.from() + bucket.to()) / 2.0;
            assertThat(value)
                    .isGreaterThan(Math.pow(base, index) * (1 - 1e-9))
                    .isLessThanOrEqualTo(Math.pow(base, index + 1) * (1 + 1e-9));
        }
    }

    @Test
    void powersOfTwo() {
        // 1 alone, [2, 4) twice, [1024, 2048) once, 0 three times, below 0 once: by the compiler's numbers of buckets.
        Gathered gathered = new Gathered(8, 1234, 0, new TreeMap<>(Map.of(0L, 1L, 1L, 3L, 2L, 1L, 3L, 2L, 12L, 1L)));
        var point = Points.exponential(new Aggregate.Histogram(0), gathered, Attributes.empty(), 1, 2);
        assertThat(point.getScale()).isZero();
        assertThat(point.getCount()).isEqualTo(8);
        assertThat(point.getSum()).isEqualTo(1234);
        assertThat(point.getZeroCount()).isEqualTo(4);
        assertThat(point.getPositiveBuckets().getOffset()).isEqualTo(-1);
        assertThat(point.getPositiveBuckets().getBucketCounts())
                .containsExactly(1L, 0L, 2L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L)
                .hasSize(12);
    }

    @Test
    void steps() {
        Gathered gathered = new Gathered(6, 99, 0, new TreeMap<>(Map.of(0L, 1L, 1L, 2L, 3L, 3L)));
        var point = Points.linear(new Aggregate.Linear(0, 20, 10), gathered, Attributes.empty(), 1, 2);
        assertThat(point.getBoundaries()).isEqualTo(List.of(0.0, 10.0, 20.0));
        assertThat(point.getCounts()).isEqualTo(List.of(1L, 2L, 0L, 3L));
        assertThat(point.getCount()).isEqualTo(6);
    }
}
