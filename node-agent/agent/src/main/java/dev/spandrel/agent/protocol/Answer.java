package dev.spandrel.agent.protocol;

/** What a reader makes of bytes. */
public sealed interface Answer {
    Answer NEED_MORE = new NeedMore();
    Answer INVALID = new Invalid();

    /** They were cut before they said anything. */
    record NeedMore() implements Answer {}

    /** They are none of this protocol. */
    record Invalid() implements Answer {}

    /** They say something; it is valid until the reader reads again. */
    non-sealed interface Message extends Answer {}
}
