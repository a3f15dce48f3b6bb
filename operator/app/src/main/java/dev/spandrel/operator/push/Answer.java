package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.HeldValues;

/** What came of a question to an agent. */
public sealed interface Answer {
    record Values(HeldValues values) implements Answer {}

    record None(Reason reason) implements Answer {}

    enum Reason {
        /** No agent of the node is connected to this replica. */
        NOT_CONNECTED,
        /** The agent does not know this question. */
        TOO_OLD,
        /** Too many questions wait for this agent already. */
        BUSY,
        /** The agent left before it answered. */
        LEFT,
        /** No answer came in time. */
        LATE
    }
}
