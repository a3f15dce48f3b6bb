package dev.spandrel.agent.span;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WallClockTest {
    private long monotonic = 1_000;
    private long wall = 1_700_000_000_000_000_000L;

    @Test
    void aSteppedWallClockMovesLaterSpansOnly() {
        WallClock clock = new WallClock(() -> monotonic, () -> wall);
        assertThat(clock.wall(1_500)).isEqualTo(wall + 500);
        wall -= 3_600_000_000_000L;
        clock.refresh();
        assertThat(clock.wall(1_500)).isEqualTo(wall + 3_600_000_000_000L + 500);
        monotonic += 6_000_000_000L;
        clock.refresh();
        assertThat(clock.wall(monotonic)).isEqualTo(wall);
        assertThat(clock.wall(monotonic + 7) - clock.wall(monotonic)).isEqualTo(7);
    }

    /** Each look at a clock takes 100 ns, and the wall clock's comes early or late within that. */
    @Test
    void whatMeasuringGetsWrongMovesNothing() {
        long[] late = {0};
        WallClock clock = new WallClock(() -> monotonic += 50, () -> wall + monotonic + late[0]);
        long before = clock.wall(1_500);
        for (long error : new long[] {40, -40, 20}) {
            late[0] = error;
            monotonic += 6_000_000_000L;
            clock.refresh();
            assertThat(clock.wall(1_500)).isEqualTo(before);
        }
        late[0] = 1_000;
        monotonic += 6_000_000_000L;
        clock.refresh();
        assertThat(clock.wall(1_500)).isEqualTo(before + 1_000);
    }

    @Test
    void theSystemsClocksAgree() {
        WallClock clock = WallClock.system();
        long apart = clock.wall(System.nanoTime()) - System.currentTimeMillis() * 1_000_000;
        assertThat(Math.abs(apart)).isLessThan(50_000_000);
    }
}
