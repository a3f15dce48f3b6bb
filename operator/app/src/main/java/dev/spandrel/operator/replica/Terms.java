package dev.spandrel.operator.replica;

import java.time.Duration;

/**
 * How long things last. All clocks may differ: only durations are compared, each by one's own clock.
 *
 * @param lease after so long without a renewal another one may take it
 * @param deadline after so long without one the holder writes nothing more: well before the others may
 * @param retry between two looks
 */
public record Terms(Duration lease, Duration deadline, Duration retry) {
    /** As Kubernetes' own components. */
    public static final Terms USUAL = new Terms(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));

    public Terms {
        if (lease.compareTo(deadline) <= 0 || deadline.compareTo(retry) <= 0) {
            throw new IllegalArgumentException(
                    "lease > deadline > retry, or two would write: " + lease + deadline + retry);
        }
    }
}
