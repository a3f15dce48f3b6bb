package dev.spandrel.e2e;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for another process to get somewhere, by looking again until a deadline. */
final class Await {
    /** How many times as long everything may take: in a machine that is emulated. */
    static final int PATIENCE = Integer.getInteger("spandrel.patience", 1);

    static final Duration LIMIT = Duration.ofSeconds(40L * PATIENCE);

    private Await() {}

    static void until(String what, BooleanSupplier condition) {
        value(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** Waits, but not for ever: what is missing then, the checks that follow say better. */
    static void before(BooleanSupplier condition) {
        try {
            until("", condition);
        } catch (AssertionError _) {
            // said above
        }
    }

    static <T> T value(String what, Supplier<Optional<T>> look) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(5_000_000);
        }
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
    }
}
