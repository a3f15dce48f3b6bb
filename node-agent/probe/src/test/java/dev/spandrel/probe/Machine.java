package dev.spandrel.probe;

import dev.spandrel.probe.codegen.Instruction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Runs BPF instructions in Java, as the kernel's documentation defines them; keeps what is written to maps. */
final class Machine {
    private static final int UPDATE = 2;
    private static final int STEPS = 1_000_000;
    private static final long STACK = 1 << 20;

    private final long[] r = new long[11];
    private final ByteBuffer stack = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Long> written = new ArrayList<>();

    /** The first 8 bytes of each value that was put into a map. */
    static List<Long> run(List<Instruction> program) {
        var machine = new Machine();
        machine.r[10] = STACK + 512;
        machine.steps(program);
        return machine.written;
    }

    private void steps(List<Instruction> program) {
        int at = 0;
        for (int i = 0; i < STEPS; i++) {
            var in = program.get(at++);
            switch (in.opcode() & 7) {
                case 0 -> {
                    r[in.to()] = (long) program.get(at++).immediate() << 32 | in.immediate() & 0xffffffffL;
                }
                case 1 -> r[in.to()] = load(r[in.from()] + in.offset(), in.opcode());
                case 2 -> store(r[in.to()] + in.offset(), in.immediate(), in.opcode());
                case 3 -> store(r[in.to()] + in.offset(), r[in.from()], in.opcode());
                case 7 -> alu(in);
                case 5 -> {
                    if (in.opcode() == 0x95) return;
                    if (in.opcode() == 0x85) call(in.immediate());
                    else if (in.opcode() == 0x05 || taken(in)) at += in.offset();
                }
                default -> throw new AssertionError("opcode " + in.opcode());
            }
        }
        throw new AssertionError("no end");
    }

    private int place(long address) {
        return (int) (address - STACK);
    }

    private long load(long address, int opcode) {
        int at = place(address);
        return switch (opcode >> 3 & 3) {
            case 0 -> stack.getInt(at) & 0xffffffffL;
            case 1 -> stack.getShort(at) & 0xffffL;
            case 2 -> stack.get(at) & 0xffL;
            default -> stack.getLong(at);
        };
    }

    private void store(long address, long value, int opcode) {
        int at = place(address);
        switch (opcode >> 3 & 3) {
            case 0 -> stack.putInt(at, (int) value);
            case 1 -> stack.putShort(at, (short) value);
            case 2 -> stack.put(at, (byte) value);
            default -> stack.putLong(at, value);
        }
    }

    private void call(int helper) {
        if (helper == UPDATE) written.add(stack.getLong(place(r[3])));
        for (int i = 1; i <= 5; i++) r[i] = 0xdeadbeefL;
        r[0] = 0;
    }

    private void alu(Instruction in) {
        long right = (in.opcode() & 8) != 0 ? r[in.from()] : in.immediate();
        long left = r[in.to()];
        r[in.to()] = switch (in.opcode() & 0xf0) {
            case 0x00 -> left + right;
            case 0x10 -> left - right;
            case 0x20 -> left * right;
            case 0x30 -> right == 0 ? 0 : Long.divideUnsigned(left, right);
            case 0x40 -> left | right;
            case 0x50 -> left & right;
            case 0x60 -> left << right;
            case 0x70 -> left >>> right;
            case 0x80 -> -left;
            case 0x90 -> right == 0 ? left : Long.remainderUnsigned(left, right);
            case 0xa0 -> left ^ right;
            case 0xb0 -> right;
            case 0xc0 -> left >> right;
            default -> throw new AssertionError("operation " + in.opcode());
        };
    }

    private boolean taken(Instruction in) {
        long right = (in.opcode() & 8) != 0 ? r[in.from()] : in.immediate();
        long left = r[in.to()];
        int unsigned = Long.compareUnsigned(left, right);
        return switch (in.opcode() & 0xf0) {
            case 0x10 -> left == right;
            case 0x50 -> left != right;
            case 0x20 -> unsigned > 0;
            case 0x30 -> unsigned >= 0;
            case 0xa0 -> unsigned < 0;
            case 0xb0 -> unsigned <= 0;
            case 0x60 -> left > right;
            case 0x70 -> left >= right;
            case 0xc0 -> left < right;
            case 0xd0 -> left <= right;
            default -> throw new AssertionError("condition " + in.opcode());
        };
    }
}
