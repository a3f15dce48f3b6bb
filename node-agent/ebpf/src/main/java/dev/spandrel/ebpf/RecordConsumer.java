package dev.spandrel.ebpf;

import java.lang.foreign.MemorySegment;

/** Gets one ring record. The bytes are the kernel's to reuse once this returns. */
@FunctionalInterface
public interface RecordConsumer {
    /** The record is `length` bytes at `offset` of `data`, never split; `offset` is a multiple of 8. */
    void accept(MemorySegment data, long offset, int length);
}
