package dev.spandrel.operator.status;

import dev.spandrel.crds.Condition;
import dev.spandrel.crds.ProbeSetStatus;
import dev.spandrel.crds.TracePolicyStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a status is written. What a person or a program waits for is written at once; numbers that follow pods and nodes as they come and go only so often, or a large cluster would write the status of
 * a wide policy without end.
 */
public final class Pace {
    static final Duration NUMBERS = Duration.ofSeconds(5);
    /** Of all statuses together, between two that are written for numbers alone: when a fleet comes back all are others all the time, and each costs the API server as much as letting an agent in. */
    private static final Duration APART = Duration.ofMillis(100);

    private Pace() {}

    /**
     * How long to wait yet; zero: not at all.
     *
     * @param statuses how many there are in all
     */
    public static Duration wait(
            @Nullable TracePolicyStatus written, TracePolicyStatus now, Duration sinceWritten, int statuses) {
        boolean onlyNumbers = written != null && points(written).equals(points(now));
        Duration left = period(statuses).minus(sinceWritten);
        return onlyNumbers && left.isPositive() ? left : Duration.ZERO;
    }

    public static Duration wait(
            @Nullable ProbeSetStatus written, ProbeSetStatus now, Duration sinceWritten, int statuses) {
        boolean onlyNumbers = written != null && points(written).equals(points(now));
        Duration left = period(statuses).minus(sinceWritten);
        return onlyNumbers && left.isPositive() ? left : Duration.ZERO;
    }

    private static Duration period(int statuses) {
        Duration each = APART.multipliedBy(statuses);
        return each.compareTo(NUMBERS) > 0 ? each : NUMBERS;
    }

    private static List<Object> points(ProbeSetStatus status) {
        return List.of(
                Objects.requireNonNullElse(status.observedGeneration(), 0L),
                Objects.requireNonNullElse(status.checkedHash(), ""),
                Objects.requireNonNullElse(status.expiresAt(), ""),
                states(status.conditions()));
    }

    /** All but numbers and messages, which have numbers in them. */
    private static List<Object> points(TracePolicyStatus status) {
        return List.of(
                Objects.requireNonNullElse(status.observedGeneration(), 0L),
                Objects.requireNonNullElse(status.configHash(), ""),
                Objects.requireNonNullElse(status.expiresAt(), ""),
                Objects.requireNonNullElse(status.sampling(), ""),
                states(status.conditions()));
    }

    private static List<String> states(@Nullable List<Condition> conditions) {
        return conditions == null
                ? List.of()
                : conditions.stream()
                        .map(condition -> condition.type() + " " + condition.status() + " " + condition.reason())
                        .toList();
    }
}
