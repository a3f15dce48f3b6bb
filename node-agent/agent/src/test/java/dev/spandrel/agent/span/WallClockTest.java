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

    @Test
    void theSystemsClocksAgree() {
        WallClock clock = WallClock.system();
        long apart = clock.wall(System.nanoTime()) - System.currentTimeMillis() * 1_000_000;
        assertThat(Math.abs(apart)).isLessThan(50_000_000);
    }
}
