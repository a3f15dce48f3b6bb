package dev.spandrel.operator.status;

import dev.spandrel.crds.TracePolicyStatus;
import java.time.Duration;

/** What is to be said of a policy now. */
public sealed interface Verdict {
    /** This. */
    record Say(TracePolicyStatus status) implements Verdict {}

    /** Nothing yet: a node is about to answer, or it is given time to. */
    record Wait(Duration patience) implements Verdict {}
}
