package dev.spandrel.operator.status;

import dev.spandrel.crds.TracePolicyStatus;
import java.time.Duration;
import java.util.Optional;

/** What is to be said of a policy now. */
public sealed interface Verdict {
    /**
     * This.
     *
     * @param again after which it may be another one though nothing is heard
     */
    record Say(TracePolicyStatus status, Optional<Duration> again) implements Verdict {}

    /** Nothing yet: a node is about to answer, or it is given time to. */
    record Wait(Duration patience) implements Verdict {}
}
