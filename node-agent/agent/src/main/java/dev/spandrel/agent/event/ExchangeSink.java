package dev.spandrel.agent.event;

import java.lang.foreign.MemorySegment;

/** Takes kept exchanges on the drain thread. The bytes are the kernel's to reuse once this returns. */
@FunctionalInterface
public interface ExchangeSink {
    void accept(MemorySegment data, long offset, int length);
}
