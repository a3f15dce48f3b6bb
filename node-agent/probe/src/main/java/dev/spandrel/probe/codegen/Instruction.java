package dev.spandrel.probe.codegen;

import dev.spandrel.probe.syntax.Span;
import org.jspecify.annotations.Nullable;

/** One BPF instruction of 8 bytes; `map` names whose descriptor `immediate` is to become. */
public record Instruction(
        int opcode,
        int to,
        int from,
        int offset,
        int immediate,
        @Nullable String map,
        Span span) {
    Instruction with(int value) {
        return new Instruction(opcode, to, from, offset, value, map, span);
    }

    public long encoded() {
        return (opcode & 0xffL) | (long) (to | from << 4) << 8 | (offset & 0xffffL) << 16 | (long) immediate << 32;
    }

    /** With the map's descriptor filled in. */
    public long encoded(int descriptor) {
        return (opcode & 0xffL) | (long) (to | 1 << 4) << 8 | (long) descriptor << 32;
    }
}
