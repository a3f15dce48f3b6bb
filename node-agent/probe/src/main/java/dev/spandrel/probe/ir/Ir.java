package dev.spandrel.probe.ir;

import java.util.List;
import java.util.stream.Stream;

/** One instruction. Registers are numbers; {@link #FRAME} is the stack's end and {@link #CONTEXT} what the program is called with. */
public sealed interface Ir {
    int FRAME = 0;
    int CONTEXT = 1;
    /** A call's result that nobody wants. */
    int NOWHERE = -1;

    enum Op {
        ADD(0x00, "+="),
        SUB(0x10, "-="),
        MUL(0x20, "*="),
        DIV(0x30, "/="),
        OR(0x40, "|="),
        AND(0x50, "&="),
        LSH(0x60, "<<="),
        RSH(0x70, ">>="),
        MOD(0x90, "%="),
        XOR(0xa0, "^="),
        ARSH(0xc0, "s>>=");

        public final int code;
        public final String sign;

        Op(int code, String sign) {
            this.code = code;
            this.sign = sign;
        }
    }

    enum Condition {
        EQ(0x10, "=="),
        NE(0x50, "!="),
        GT(0x20, ">"),
        GE(0x30, ">="),
        LT(0xa0, "<"),
        LE(0xb0, "<="),
        SGT(0x60, "s>"),
        SGE(0x70, "s>="),
        SLT(0xc0, "s<"),
        SLE(0xd0, "s<=");

        public final int code;
        public final String sign;

        Condition(int code, String sign) {
            this.code = code;
            this.sign = sign;
        }

        public Condition opposite() {
            return switch (this) {
                case EQ -> NE;
                case NE -> EQ;
                case GT -> LE;
                case LE -> GT;
                case GE -> LT;
                case LT -> GE;
                case SGT -> SLE;
                case SLE -> SGT;
                case SGE -> SLT;
                case SLT -> SGE;
            };
        }
    }

    sealed interface Operand {}

    record Reg(int number) implements Operand {}

    /** Must fit into 32 bits with a sign. */
    record Imm(int value) implements Operand {}

    record Const(int to, long value) implements Ir {}

    record Move(int to, int from) implements Ir {}

    record Alu(Op op, int to, int left, Operand right) implements Ir {}

    record Negate(int to, int from) implements Ir {}

    /** Bytes in the other order; 16, 32 or 64 bits. */
    record Swap(int to, int from, int bits) implements Ir {}

    /** Zeroes fill it up. */
    record Load(int to, int base, int offset, int size) implements Ir {}

    record Store(int base, int offset, int size, Operand value) implements Ir {}

    /** Adds to 8 bytes in memory; `old` takes what was there before. */
    record AtomicAdd(int base, int offset, int value, int old) implements Ir {}

    record Call(int to, int helper, List<Operand> arguments) implements Ir {}

    /** The address of a map, filled in at load. */
    record MapAddress(int to, String map) implements Ir {}

    record Label(int number) implements Ir {}

    record Jump(int label) implements Ir {}

    record Branch(Condition condition, int left, Operand right, int label) implements Ir {}

    record Exit(int value) implements Ir {}

    /** The address of one of the program's functions, by number. */
    record FunctionAddress(int to, int function) implements Ir {}

    /** The register written, or {@link #NOWHERE}. */
    default int written() {
        return switch (this) {
            case Const(int to, var _) -> to;
            case Move(int to, var _) -> to;
            case Alu(var _, int to, var _, var _) -> to;
            case Negate(int to, var _) -> to;
            case Swap(int to, var _, var _) -> to;
            case Load(int to, var _, var _, var _) -> to;
            case Call(int to, var _, var _) -> to;
            case MapAddress(int to, var _) -> to;
            case FunctionAddress(int to, var _) -> to;
            case AtomicAdd(var _, var _, var _, int old) -> old;
            case Store _, Label _, Jump _, Branch _, Exit _ -> NOWHERE;
        };
    }

    /** The registers read. */
    default int[] read() {
        return switch (this) {
            case Const _, MapAddress _, FunctionAddress _, Label _, Jump _, Exit _ -> new int[0];
            case Move(var _, int from) -> new int[] {from};
            case Alu(var _, var _, int left, var right) -> registers(left, right);
            case Negate(var _, int from) -> new int[] {from};
            case Swap(var _, int from, var _) -> new int[] {from};
            case Load(var _, int base, var _, var _) -> new int[] {base};
            case Store(int base, var _, var _, var value) -> registers(base, value);
            case AtomicAdd(int base, var _, int value, var _) -> new int[] {base, value};
            case Call(var _, var _, var arguments) ->
                arguments.stream()
                        .flatMap(a -> a instanceof Reg(int n) ? Stream.of(n) : Stream.empty())
                        .mapToInt(n -> n)
                        .toArray();
            case Branch(var _, int left, var right, var _) -> registers(left, right);
        };
    }

    private static int[] registers(int one, Operand other) {
        return other instanceof Reg(int n) ? new int[] {one, n} : new int[] {one};
    }
}
