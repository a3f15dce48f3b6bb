package dev.spandrel.agent.control;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the n-th attempt in a row: doubling, with jitter so that a fleet does not come back at once. */
record Backoff(Duration first, Duration longest, RandomGenerator random) {
    Duration before(int attempt) {
        long ceiling = Math.min(longest.toMillis(), first.toMillis() << Math.min(attempt, 20));
        return Duration.ofMillis(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
    }
}
