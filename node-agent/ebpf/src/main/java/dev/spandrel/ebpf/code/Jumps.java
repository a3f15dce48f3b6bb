package dev.spandrel.ebpf.code;

/** Where a function's own jumps lead. */
final class Jumps {
    private Jumps() {}

    /**
     * Whether one may lead to an offset in [from, to]. What cannot be decoded may lead anywhere, and so may a jump by a table or register, where such are asked about.
     */
    static boolean into(byte[] code, int from, int to, boolean byRegister) {
        for (int at = 0; at < code.length; ) {
            var decoded = Decoder.decode(code, at);
            if (decoded.isEmpty()) return true;
            var instruction = decoded.get();
            boolean direct = instruction.isJump() || instruction.isConditionalJump() || instruction.isCountedJump();
            if (direct && instruction.target() >= from && instruction.target() <= to) return true;
            if (byRegister && instruction.isIndirectJump() && !isThroughPointer(instruction)) return true;
            at = instruction.next();
        }
        return false;
    }

    /** Whether what stands there makes calls and then begins the function again, as the way to a larger stack does. */
    static boolean startOver(byte[] code, int from) {
        boolean called = false;
        for (int at = from; at >= 0 && at < code.length; ) {
            var decoded = Decoder.decode(code, at);
            if (decoded.isEmpty()) return false;
            var instruction = decoded.get();
            if (instruction.isJump()) return called && instruction.target() == 0;
            if (instruction.isTransfer() && !instruction.isCall()) return false;
            called |= instruction.isCall();
            at = instruction.next();
        }
        return false;
    }

    /** jmp *distance(%register): a tail call through a field, where a table has an index. */
    private static boolean isThroughPointer(Instruction jump) {
        return jump.modrm() >> 6 != 3 && (jump.modrm() & 7) != 4;
    }
}
