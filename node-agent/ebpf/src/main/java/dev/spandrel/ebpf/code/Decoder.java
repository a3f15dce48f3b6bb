package dev.spandrel.ebpf.code;

import java.util.Optional;

/** Finds where x86-64 instructions end, and what little else a probe's place depends on. */
final class Decoder {
    private static final int LONGEST = 15;

    private final byte[] code;
    private int at;

    private Decoder(byte[] code, int at) {
        this.code = code;
        this.at = at;
    }

    /** Empty: no instruction, or one that is cut off. */
    static Optional<Instruction> decode(byte[] code, int offset) {
        return Optional.ofNullable(new Decoder(code, offset).decode());
    }

    private int peek() {
        return at >= 0 && at < code.length ? code[at] & 0xff : -1;
    }

    private int take() {
        int value = peek();
        at++;
        return value;
    }

    private Instruction decode() {
        int start = at, rex = 0, repeat = 0;
        boolean operandSize = false, addressSize = false;
        for (int next = peek(); isPrefix(next); next = peek()) {
            if (at - start >= LONGEST) return null;
            operandSize |= next == 0x66;
            addressSize |= next == 0x67;
            if (next >= 0xf2) repeat = next;
            at++;
        }
        if (peek() >> 4 == 4) rex = take();
        int map = 1, opcode = take();
        if (opcode < 0) return null;
        if (opcode == 0xc5 || opcode == 0xc4 || opcode == 0x62) {
            map = vectorMap(opcode);
            opcode = take();
            return finish(start, map + 4, opcode, vector(map, opcode), rex, false, repeat, addressSize);
        }
        if (opcode == 0x0f) {
            map = 2;
            opcode = take();
            if (opcode == 0x38 || opcode == 0x3a) {
                map = opcode == 0x38 ? 3 : 4;
                opcode = take();
            }
            if (opcode < 0) return null;
        }
        return finish(start, map, opcode, Opcodes.of(map, opcode), rex, operandSize, repeat, addressSize);
    }

    private static boolean isPrefix(int value) {
        return switch (value) {
            case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3 -> true;
            default -> false;
        };
    }

    /** The map number that a VEX or EVEX prefix names: 1 is that of 0f, 2 that of 0f 38, 3 that of 0f 3a. */
    private int vectorMap(int prefix) {
        int first = take();
        if (prefix == 0xc5) return 1;
        at += prefix == 0xc4 ? 1 : 2;
        return first & (prefix == 0xc4 ? 0x1f : 7);
    }

    private static char vector(int map, int opcode) {
        if (opcode < 0) return Opcodes.INVALID;
        return switch (map) {
            case 1 ->
                opcode == 0x77
                        ? Opcodes.NONE
                        : Opcodes.of(2, opcode) == Opcodes.MODRM_BYTE ? Opcodes.MODRM_BYTE : Opcodes.MODRM;
            case 2, 5, 6 -> Opcodes.MODRM;
            case 3 -> Opcodes.MODRM_BYTE;
            default -> Opcodes.INVALID;
        };
    }

    private Instruction finish(
            int start, int map, int opcode, char form, int rex, boolean operandSize, int repeat, boolean addressSize) {
        int modrm = -1, distance = 0, immediate = -1;
        boolean wide = (rex & 8) != 0;
        int full = operandSize && !wide ? 2 : 4;
        if ("mnMtT".indexOf(form) >= 0) {
            modrm = take();
            if (modrm < 0) return null;
            skipMemory(modrm);
        }
        switch (form) {
            case Opcodes.INVALID -> {
                return null;
            }
            case Opcodes.MODRM_BYTE -> immediate = (byte) take();
            case Opcodes.BYTE -> immediate = take();
            case Opcodes.MODRM_FULL, Opcodes.FULL -> immediate = immediate(full);
            case Opcodes.TEST_BYTE -> at += (modrm >> 3 & 7) < 2 ? 1 : 0;
            case Opcodes.TEST_FULL -> at += (modrm >> 3 & 7) < 2 ? full : 0;
            case Opcodes.WORD -> at += 2;
            case Opcodes.ENTER -> at += 3;
            case Opcodes.REGISTER -> at += wide ? 8 : full;
            case Opcodes.ADDRESS -> at += addressSize ? 4 : 8;
            case Opcodes.SHORT -> distance = (byte) take();
            case Opcodes.NEAR -> distance = immediate(4);
            default -> {}
        }
        int length = at - start;
        if (at > code.length || length > LONGEST) return null;
        return new Instruction(start, length, map, opcode, modrm, rex, operandSize, repeat, distance, immediate);
    }

    private int immediate(int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) value |= Math.max(take(), 0) << 8 * i;
        return bytes == 2 ? (short) value : value;
    }

    private void skipMemory(int modrm) {
        int mod = modrm >> 6, rm = modrm & 7;
        if (mod == 3) return;
        int base = rm == 4 ? take() & 7 : rm;
        if (mod == 1) at += 1;
        else if (mod == 2 || base == 5) at += 4;
    }
}
