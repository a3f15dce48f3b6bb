package dev.spandrel.ebpf.code;

/** The x86-64 opcode maps, as far as the length of an instruction depends on them. One character per opcode. */
final class Opcodes {
    /** No operand bytes. */
    static final char NONE = '.';
    /** Not an instruction in 64-bit mode. */
    static final char INVALID = '-';
    /** ModRM; with an immediate of one byte; with one of the operand's size (at most four bytes). */
    static final char MODRM = 'm';

    static final char MODRM_BYTE = 'n';
    static final char MODRM_FULL = 'M';
    /** Immediates alone: one byte, two, three (enter), operand size, full register (mov), address. */
    static final char BYTE = 'b';

    static final char WORD = 'w';
    static final char ENTER = 'e';
    static final char FULL = 'z';
    static final char REGISTER = 'q';
    static final char ADDRESS = 'a';
    /** A branch's distance: one byte, four bytes. */
    static final char SHORT = 's';

    static final char NEAR = 'j';
    /** f6 and f7: an immediate if it is a test. */
    static final char TEST_BYTE = 't';

    static final char TEST_FULL = 'T';

    /** Prefixes and escapes are taken before the map is asked. */
    static final String ONE = "mmmmbz--mmmmbz--" // 00
            + "mmmmbz--mmmmbz--" // 10
            + "mmmmbz--mmmmbz--" // 20
            + "mmmmbz--mmmmbz--" // 30
            + "----------------" // 40
            + "................" // 50
            + "---m----zMbn...." // 60
            + "ssssssssssssssss" // 70
            + "nM-nmmmmmmmmmmmm" // 80
            + ".........." + "-....." // 90
            + "aaaa....bz......" // a0
            + "bbbbbbbbqqqqqqqq" // b0
            + "nnw.--nMe.w..b-." // c0
            + "mmmm---.mmmmmmmm" // d0
            + "ssssbbbbjj-s...." // e0
            + "-.--..tT......mm"; // f0

    static final String TWO = "mmmm-.....-.-m.n" // 00
            + "mmmmmmmmmmmmmmmm" // 10
            + "mmmm----mmmmmmmm" // 20
            + "......-.--------" // 30; 38 and 3a are maps of their own
            + "mmmmmmmmmmmmmmmm" // 40
            + "mmmmmmmmmmmmmmmm" // 50
            + "mmmmmmmmmmmmmmmm" // 60
            + "nnnnmmm.mmmmmmmm" // 70
            + "jjjjjjjjjjjjjjjj" // 80
            + "mmmmmmmmmmmmmmmm" // 90
            + "...mnm--...mnmmm" // a0
            + "mmmmmmmmmmnmmmmm" // b0
            + "mmnmnnnm........" // c0
            + "mmmmmmmmmmmmmmmm" // d0
            + "mmmmmmmmmmmmmmmm" // e0
            + "mmmmmmmmmmmmmmmm"; // f0

    private Opcodes() {}

    /** `map`: 1 one byte, 2 after 0f, 3 after 0f 38, 4 after 0f 3a. */
    static char of(int map, int opcode) {
        return switch (map) {
            case 1 -> ONE.charAt(opcode);
            case 2 -> TWO.charAt(opcode);
            case 3 -> MODRM;
            case 4 -> MODRM_BYTE;
            default -> INVALID;
        };
    }
}
