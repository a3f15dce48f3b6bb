package dev.spandrel.ebpf.code;

import java.util.Optional;

/**
 * Where a function's entry is probed: `offset` bytes behind its first. The arguments asked for are still in their registers, and `stackBytes` added to the stack pointer give
 * what it was at the entry, so arguments on the stack and the return address are known. `emulated`: the kernel does without single-stepping.
 */
public record Placement(int offset, int stackBytes, boolean emulated) {
    private static final Placement ENTRY = new Placement(0, 0, false);

    /** A return probe finds the return address at the stack pointer: only where nothing was pushed. */
    public boolean takesReturnProbe() {
        return stackBytes == 0;
    }

    /** With all argument registers intact. `code` is the function, from its first byte to its last. */
    public static Placement of(byte[] code, Abi abi) {
        return of(code, abi, abi.registers());
    }

    /**
     * The first place that the kernel emulates, that every call passes once, and where the first so many arguments are intact. The entry itself where there is none, or where
     * the code cannot be told. A Go function whose stack has to grow, or whose goroutine is to yield, begins once more: its place is behind that.
     */
    public static Placement of(byte[] code, Abi abi, int arguments) {
        return find(code, abi, abi.first(arguments)).orElse(ENTRY);
    }

    /** For a probe of the return: the first place where the return address can be found. */
    public static Placement ofReturn(byte[] code) {
        return find(code, Abi.SYSTEM_V, 0).filter(Placement::takesReturnProbe).orElse(ENTRY);
    }

    private static Optional<Placement> find(byte[] code, Abi abi, int wanted) {
        int stack = 0;
        for (int at = 0; at < code.length; ) {
            var decoded = Decoder.decode(code, at);
            if (decoded.isEmpty()) return Optional.empty();
            var instruction = decoded.get();
            if (abi == Abi.GO && instruction.isConditionalJump() && Jumps.startOver(code, instruction.target())) {
                at = instruction.next();
                continue;
            }
            if (instruction.isEmulated())
                return isOnlyPassedFromEntry(code, instruction)
                        ? Optional.of(new Placement(at, stack, true))
                        : Optional.empty();
            if (instruction.isTransfer() || (Effects.written(instruction) & wanted) != 0) return Optional.empty();
            int pushed = Effects.pushed(instruction);
            if (pushed == Effects.UNKNOWN) return Optional.empty();
            stack += pushed;
            at = instruction.next();
        }
        return Optional.empty();
    }

    /** A table's jump back to a push would leave the stack without balance: no compiler makes one. */
    private static boolean isOnlyPassedFromEntry(byte[] code, Instruction place) {
        return place.offset() == 0 || !Jumps.into(code, 1, place.offset(), !place.isPush());
    }
}
