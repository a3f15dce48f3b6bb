package dev.spandrel.policy;

import dev.spandrel.crds.ProbeSetSpec;
import java.time.Instant;
import java.util.Optional;

/**
 * A probe set with what decides about its end and whether it is attached.
 *
 * @param changed when its spec became what it is
 * @param checkedHash of the programs that nodes have checked and none has refused; empty: of none yet
 */
public record ProbeSetInput(Policy.Key key, Instant changed, ProbeSetSpec spec, String checkedHash) {
    /** When it ends by itself, if it does. */
    Optional<Instant> expiresAt() {
        return Optional.ofNullable(spec.expiresAfter())
                .flatMap(Durations::parse)
                .map(changed::plus);
    }
}
