package dev.spandrel.operator.replica;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.util.Objects;

/**
 * What the Lease says, and since when it has been seen to say so: somebody's clock wrote the time in it, and it is only compared with itself.
 *
 * @param holder empty: nobody
 * @param renewed as it is written there
 * @param seen by this process' clock, nanoseconds
 */
record Claim(String holder, String renewed, Duration term, int transitions, long seen) {
    static Claim of(LeaseSpec spec, long seen) {
        Integer seconds = spec.getLeaseDurationSeconds();
        Integer transitions = spec.getLeaseTransitions();
        return new Claim(
                Objects.requireNonNullElse(spec.getHolderIdentity(), ""),
                String.valueOf(spec.getRenewTime()),
                Duration.ofSeconds(seconds == null ? 0 : seconds),
                transitions == null ? 0 : transitions,
                seen);
    }

    /** This one, if the other says nothing new. */
    Claim or(Claim newer) {
        return holder.equals(newer.holder) && renewed.equals(newer.renewed) ? this : newer;
    }

    boolean isOf(Replica replica) {
        return holder.equals(replica.toString());
    }

    /** Whether another one may have it. */
    boolean isOver(long now) {
        return holder.isEmpty() || now - seen > term.toNanos();
    }
}
