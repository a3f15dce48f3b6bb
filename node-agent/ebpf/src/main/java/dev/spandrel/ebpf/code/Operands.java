package dev.spandrel.ebpf.code;

/** The registers and the address that an instruction names. */
record Operands(Instruction instruction, int sib, int displacement) {
    static Operands of(byte[] code, Instruction i) {
        int modrm = i.modrm();
        if (modrm < 0 || modrm >> 6 == 3) return new Operands(i, -1, 0);
        int at = firstBehindOpcode(code, i) + 1;
        int sib = (modrm & 7) == 4 ? code[at++] & 0xff : -1;
        return switch (modrm >> 6) {
            case 1 -> new Operands(i, sib, code[at]);
            case 2 -> new Operands(i, sib, word(code, at));
            default -> new Operands(i, sib, 0);
        };
    }

    /** Of the ModRM byte. Vector prefixes are looked for by what they are followed by. */
    private static int firstBehindOpcode(byte[] code, Instruction i) {
        for (int at = i.offset(); at + 1 < i.next(); at++)
            if ((code[at] & 0xff) == i.opcode() && (code[at + 1] & 0xff) == i.modrm()) return at + 1;
        return i.next() - 1;
    }

    static int word(byte[] code, int at) {
        return code[at] & 0xff | (code[at + 1] & 0xff) << 8 | (code[at + 2] & 0xff) << 16 | code[at + 3] << 24;
    }

    /** That the opcode names. */
    int named() {
        return instruction.opcode() & 7 | (instruction.rex() & 1) << 3;
    }

    int register() {
        return instruction.modrm() >> 3 & 7 | (instruction.rex() & 4) << 1;
    }

    /** The register that the other operand is. */
    int memory() {
        return instruction.modrm() & 7 | (instruction.rex() & 1) << 3;
    }

    boolean isMemory() {
        return instruction.modrm() >= 0 && instruction.modrm() >> 6 != 3;
    }

    boolean isIndexed() {
        return sib >= 0 && ((sib >> 3 & 7) != 4 || (instruction.rex() & 2) != 0);
    }

    /** Of the address; -1 where there is none. */
    int base() {
        if (!isMemory()) return -1;
        int base = sib >= 0 ? sib & 7 : instruction.modrm() & 7;
        return base == 5 && instruction.modrm() >> 6 == 0 ? -1 : base | (instruction.rex() & 1) << 3;
    }

    /** The register that something is added to or taken from; -1: none. */
    int sum() {
        boolean toMemory = instruction.opcode() == 0x01 || instruction.opcode() == 0x29;
        boolean toRegister = instruction.opcode() == 0x03 || instruction.opcode() == 0x2b;
        int group = instruction.modrm() >> 3 & 7;
        boolean immediate =
                (instruction.opcode() == 0x81 || instruction.opcode() == 0x83) && (group == 0 || group == 5);
        if (toRegister) return register();
        return (toMemory || immediate) && !isMemory() ? memory() : -1;
    }

    /** What only loads and compares is not told from what stores, but where it is frequent. */
    boolean mayStoreToStack() {
        if (!isMemory() || base() != 4) return false;
        int code = instruction.opcode();
        boolean compares = instruction.map() == 1
                && (code >= 0x38 && code < 0x40
                        || code == 0x84
                        || code == 0x85
                        || (code == 0x80 || code == 0x81 || code == 0x83) && (instruction.modrm() >> 3 & 7) == 7);
        boolean loads = instruction.map() == 1
                ? code < 0x40 && (code & 7) >= 2 || code == 0x63
                : instruction.map() == 2
                        && (code >> 4 == 4
                                || isVectorLoad(code)
                                || code == 0xb6
                                || code == 0xb7
                                || code == 0xbe
                                || code == 0xbf);
        return !compares && !loads;
    }

    /** To a vector register, whatever the prefix. */
    private static boolean isVectorLoad(int code) {
        return switch (code) {
            case 0x10, 0x12, 0x14, 0x15, 0x16, 0x28, 0x6e, 0x6f -> true;
            default -> false;
        };
    }
}
