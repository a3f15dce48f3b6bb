package dev.spandrel.agent.control;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the n-th attempt in a row: anything up to a ceiling that doubles. An operator that ends sends thousands of agents away at the same moment, so the first ceiling is the time over which they come back.
 */
record Backoff(Duration first, Duration longest, RandomGenerator random) {
    Duration before(int attempt) {
        long ceiling = Math.min(longest.toMillis(), first.toMillis() << Math.min(attempt, 20));
        return Duration.ofMillis(random.nextLong(ceiling + 1));
    }
}
