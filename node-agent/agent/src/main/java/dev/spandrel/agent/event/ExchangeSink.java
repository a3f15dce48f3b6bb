package dev.spandrel.agent.event;

import java.lang.foreign.MemorySegment;

/** Takes records on the drain thread. The bytes are the kernel's to reuse once this returns. */
public interface ExchangeSink {
    ExchangeSink NONE = new ExchangeSink() {
        @Override
        public void exchange(MemorySegment data, long offset, int length) {}

        @Override
        public void statement(MemorySegment data, long offset, int length) {}
    };

    /** A kept exchange. */
    void exchange(MemorySegment data, long offset, int length);

    /** What later exchanges of its connection speak of by name. */
    void statement(MemorySegment data, long offset, int length);
}
