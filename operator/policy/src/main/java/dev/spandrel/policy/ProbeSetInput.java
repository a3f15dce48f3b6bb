package dev.spandrel.policy;

import com.google.protobuf.ByteString;
import dev.spandrel.crds.ProbeSetSpec;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A probe set with what decides about its end and whether it is attached.
 *
 * @param changed when its spec became what it is
 * @param objects of probes that name one, by probe; one that is not found is left out
 * @param checkedHash of the programs that nodes have checked and none has refused; empty: of none yet
 */
public record ProbeSetInput(
        Policy.Key key, Instant changed, ProbeSetSpec spec, String checkedHash, SortedMap<String, ByteString> objects) {
    /** When it ends by itself, if it does. */
    Optional<Instant> expiresAt() {
        return Optional.ofNullable(spec.expiresAfter())
                .flatMap(Durations::parse)
                .map(changed::plus);
    }
}
