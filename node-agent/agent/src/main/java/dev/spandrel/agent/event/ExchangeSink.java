package dev.spandrel.agent.event;

import java.lang.foreign.MemorySegment;

/** Takes records on the drain thread. The bytes are the kernel's to reuse once this returns. */
public interface ExchangeSink {
    ExchangeSink NONE = new ExchangeSink() {
        @Override
        public void exchange(MemorySegment data, long offset, int length) {}

        @Override
        public void statement(MemorySegment data, long offset, int length) {}

        @Override
        public void stream(MemorySegment data, long offset, int length) {}

        @Override
        public void passed(long now) {}
    };

    /** A kept exchange. */
    void exchange(MemorySegment data, long offset, int length);

    /** What later exchanges of its connection speak of by name. */
    void statement(MemorySegment data, long offset, int length);

    /** News of a stream of HTTP/2. */
    void stream(MemorySegment data, long offset, int length);

    /** So late is it (CLOCK_MONOTONIC) : called now and then, between records. */
    void passed(long now);
}
