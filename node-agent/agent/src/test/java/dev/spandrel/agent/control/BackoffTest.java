package dev.spandrel.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private static final int AGENTS = 5_000;

    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10), new Random(1));

    private LongStream waits(int attempt) {
        return IntStream.range(0, AGENTS).mapToLong(_ -> backoff.before(attempt).toMillis());
    }

    @Test
    void noTenthOfASecondHasMuchMoreThanItsShareOfAFleet() {
        var tenths = new int[11];
        waits(0).forEach(wait -> tenths[(int) (wait / 100)]++);
        assertThat(Arrays.stream(tenths).boxed()).allMatch(agents -> agents < AGENTS / 10 * 1.2);
    }

    @Test
    void theCeilingDoublesAndEnds() {
        assertThat(waits(2).max().orElseThrow()).isBetween(3_900L, 4_000L);
        assertThat(waits(1000).max().orElseThrow()).isBetween(9_900L, 10_000L);
    }
}
