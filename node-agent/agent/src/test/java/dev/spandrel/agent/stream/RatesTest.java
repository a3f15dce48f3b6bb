package dev.spandrel.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final long SECOND = 1_000_000_000L;

    private final long[] words = new long[4];
    private final Rates rates = new Rates(MemorySegment.ofArray(words));

    @Test
    void whatTheKernelSpentIsSpent() {
        words[2] = 7L << 32 | 3;
        assertThat(takes(2, 5, 7 * SECOND + 1, 4)).isEqualTo(2);
        assertThat(words[2]).isEqualTo(7L << 32 | 7);
    }

    @Test
    void aNewSecondHasANewBudget() {
        words[1] = 7L << 32 | 50;
        assertThat(takes(1, 5, 8 * SECOND, 9)).isEqualTo(5);
    }

    @Test
    void whoIsLateTakesFromTheSecondThatIs() {
        words[1] = 8L << 32 | 4;
        assertThat(takes(1, 5, 8 * SECOND - 1, 3)).isEqualTo(1);
        assertThat(words[1] >>> 32).isEqualTo(8);
    }

    @Test
    void withoutALimitNothingIsTaken() {
        assertThat(takes(1, 0, SECOND, 3)).isEqualTo(3);
        assertThat(takes(4000, 1, SECOND, 3)).as("a policy that has no word").isEqualTo(3);
        assertThat(words).containsOnly(0);
    }

    private long takes(int policy, int most, long now, int times) {
        return IntStream.range(0, times)
                .filter(_ -> rates.take(policy, most, now))
                .count();
    }
}
