package dev.spandrel.ebpf.code;

/**
 * One x86-64 instruction. `map` and `opcode` as in {@link Opcodes}, with map 5 and up for vector encodings; `modrm` is -1 where there is none; `distance` is that of a
 * direct branch; `immediate` a stack adjustment's or -1.
 */
record Instruction(
        int offset,
        int length,
        int map,
        int opcode,
        int modrm,
        int rex,
        boolean operandSize,
        int repeat,
        int distance,
        int immediate) {
    int next() {
        return offset + length;
    }

    /** Of a direct branch. */
    int target() {
        return next() + distance;
    }

    private boolean one(int code) {
        return map == 1 && opcode == code;
    }

    boolean isConditionalJump() {
        return (map == 1 && opcode >> 4 == 7) || (map == 2 && opcode >> 4 == 8);
    }

    /** With its target in the code. */
    boolean isJump() {
        return one(0xe9) || one(0xeb);
    }

    boolean isCall() {
        return one(0xe8);
    }

    /** loop, jcxz. */
    boolean isCountedJump() {
        return map == 1 && opcode >= 0xe0 && opcode <= 0xe3;
    }

    private int group() {
        return modrm >> 3 & 7;
    }

    boolean isIndirectJump() {
        return one(0xff) && (group() == 4 || group() == 5);
    }

    boolean isIndirectCall() {
        return one(0xff) && (group() == 2 || group() == 3);
    }

    boolean isReturn() {
        return one(0xc3) || one(0xc2);
    }

    /** Nothing is executed behind it: hlt, int3, ud2. */
    boolean isTrap() {
        return one(0xf4) || one(0xcc) || (map == 2 && (opcode == 0x0b || opcode == 0xb9 || opcode == 0xff));
    }

    boolean isPush() {
        return map == 1 && opcode >> 3 == 0x50 >> 3;
    }

    boolean isNop() {
        return one(0x90) && (rex & 1) == 0;
    }

    boolean isTransfer() {
        return isConditionalJump()
                || isJump()
                || isCall()
                || isCountedJump()
                || isIndirectJump()
                || isIndirectCall()
                || isReturn()
                || isTrap();
    }

    /** As arch/x86/kernel/uprobes.c does it in every kernel since 5.0. */
    boolean isEmulated() {
        if (isPush()) return length == 1 || (length == 2 && rex == 0x41);
        if (isNop()) return true;
        return !operandSize && (isConditionalJump() || isJump() || isCall());
    }
}
