package dev.spandrel.ebpf.code;

/** Which general registers an instruction writes, as bits by their number: what is not known for certain counts as all of them. */
final class Effects {
    static final int ALL = 0xffff;
    static final int UNKNOWN = Integer.MIN_VALUE;
    private static final int RAX = 1, RCX = 1 << 1, RDX = 1 << 2, RSP = 1 << 4;

    private Effects() {}

    static int written(Instruction i) {
        return switch (i.map()) {
            case 1 -> one(i);
            case 2 -> two(i);
            default -> vector(i);
        };
    }

    /** By how much the stack grows; UNKNOWN where that cannot be told. */
    static int pushed(Instruction i) {
        if (i.isPush()) return i.operandSize() ? 2 : 8;
        if (i.map() == 1 && (i.opcode() == 0x68 || i.opcode() == 0x6a)) return 8;
        if (i.map() == 1 && i.opcode() == 0xff && group(i) == 6) return 8;
        boolean onStack = i.map() == 1
                && (i.opcode() == 0x81 || i.opcode() == 0x83)
                && i.modrm() >> 6 == 3
                && rm(i) == RSP
                && (i.rex() & 8) != 0;
        if (onStack && group(i) == 5) return i.immediate();
        if (onStack && group(i) == 0) return -i.immediate();
        return (written(i) & RSP) == 0 ? 0 : UNKNOWN;
    }

    private static int group(Instruction i) {
        return i.modrm() >> 3 & 7;
    }

    private static int reg(Instruction i) {
        return 1 << (group(i) | (i.rex() & 4) << 1);
    }

    /** The register that the second operand is; 0 if it is memory. */
    private static int rm(Instruction i) {
        return i.modrm() >> 6 == 3 ? 1 << (i.modrm() & 7 | (i.rex() & 1) << 3) : 0;
    }

    private static int named(Instruction i) {
        return 1 << (i.opcode() & 7 | (i.rex() & 1) << 3);
    }

    private static int one(Instruction i) {
        int code = i.opcode();
        if (code < 0x40) {
            boolean compares = code >= 0x38;
            return switch (code & 7) {
                case 0, 1 -> compares ? 0 : bytes(i, rm(i));
                case 2, 3 -> compares ? 0 : bytes(i, reg(i));
                case 4, 5 -> compares ? 0 : RAX;
                default -> ALL;
            };
        }
        return switch (code) {
            case 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x68, 0x6a -> RSP;
            case 0x58, 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f -> RSP | named(i);
            case 0x63, 0x69, 0x6b, 0x8b, 0x8d -> reg(i);
            case 0x8a -> bytes(i, reg(i));
            case 0x80, 0x81, 0x83 -> group(i) == 7 ? 0 : bytes(i, rm(i));
            case 0x84, 0x85, 0xa8, 0xa9, 0x9b, 0xe9, 0xeb -> 0;
            case 0x86, 0x87 -> bytes(i, rm(i) | reg(i));
            case 0x88, 0x89, 0xc0, 0xc1, 0xc6, 0xc7, 0xd0, 0xd1, 0xd2, 0xd3 -> bytes(i, rm(i));
            case 0x90 -> i.isNop() ? 0 : RAX | named(i);
            case 0x98 -> RAX;
            case 0x99 -> RDX;
            case 0xf6, 0xf7 -> group(i) < 2 ? 0 : group(i) < 4 ? bytes(i, rm(i)) : RAX | RDX;
            case 0xfe -> group(i) < 2 ? bytes(i, rm(i)) : ALL;
            case 0xff -> group(i) < 2 ? rm(i) : group(i) == 6 ? RSP : ALL;
            default -> code >> 4 == 7 ? 0 : code >> 4 == 0xb ? bytes(i, named(i)) : ALL;
        };
    }

    /** Without a REX prefix the byte registers 4 to 7 are the second bytes of the first four. */
    private static int bytes(Instruction i, int registers) {
        return i.rex() == 0 ? registers | registers >> 4 & 0xf : registers;
    }

    private static int two(Instruction i) {
        int code = i.opcode();
        return switch (code) {
            case 0x05, 0xa2, 0x01, 0xc7 -> ALL;
            case 0x0d, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f -> 0; // hints, endbr64, nop
            case 0x31 -> RAX | RDX;
            case 0x2c, 0x2d, 0x50, 0xd7, 0xb6, 0xb7, 0xbe, 0xbf, 0xaf, 0xb8, 0xbc, 0xbd, 0xc5, 0x02, 0x03 -> reg(i);
            case 0x7e, 0xa4, 0xa5, 0xac, 0xad, 0xab, 0xb3, 0xbb, 0xba -> rm(i);
            case 0xa3 -> 0;
            case 0xb0, 0xb1 -> RAX | bytes(i, rm(i));
            case 0xc0, 0xc1 -> bytes(i, rm(i) | reg(i));
            default -> {
                if (code >> 4 == 8) yield 0;
                if (code >> 4 == 4) yield reg(i);
                if (code >> 4 == 9) yield bytes(i, rm(i));
                if (code >= 0xc8 && code <= 0xcf) yield named(i);
                yield isVectorOnly(code) ? 0 : ALL;
            }
        };
    }

    /** Both operands are vector registers, or memory. */
    private static boolean isVectorOnly(int code) {
        return code >= 0x10 && code <= 0x17
                || code >= 0x28 && code <= 0x2b
                || code == 0x2e
                || code == 0x2f
                || code >= 0x51 && code <= 0x76
                || code == 0x7f
                || code == 0xc2
                || code == 0xc4
                || code == 0xc6
                || code >= 0xd0 && code != 0xd7 && code != 0xff;
    }

    /** Vector moves at the start of functions; other vector instructions may write a general register. */
    private static int vector(Instruction i) {
        return i.map() == 5 && (i.opcode() == 0x77 || isVectorOnly(i.opcode())) ? 0 : ALL;
    }
}
