package dev.spandrel.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DebounceTest {
    private final Deque<Timer> timers = new ArrayDeque<>();
    private final List<Long> runs = new ArrayList<>();
    private long now;
    private final Debounce debounce = new Debounce(
            Duration.ofMillis(5),
            Duration.ofMillis(50),
            () -> now * 1_000_000,
            (task, delay) -> timers.add(new Timer(now + delay.toMillis(), task)),
            () -> runs.add(now));

    private record Timer(long at, Runnable task) {}

    @Test
    void runsOnceThingsHaveBeenQuiet() {
        debounce.changed();
        advance(3);
        debounce.changed();
        advance(10);
        assertThat(runs).containsExactly(8L);
    }

    @Test
    void runsAtTheLatestSomeTimeAfterTheFirstChange() {
        for (int i = 0; i < 40; i++) {
            debounce.changed();
            advance(2);
        }
        assertThat(runs).containsExactly(50L);
    }

    @Test
    void aChangeAfterARunIsANewOne() {
        debounce.changed();
        advance(10);
        debounce.changed();
        advance(10);
        assertThat(runs).containsExactly(5L, 15L);
    }

    private void advance(long millis) {
        long end = now + millis;
        while (!timers.isEmpty() && timers.peek().at() <= end) {
            Timer timer = timers.remove();
            now = Math.max(now, timer.at());
            timer.task().run();
        }
        now = end;
    }
}
