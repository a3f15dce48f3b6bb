package dev.spandrel.probe;

import dev.spandrel.probe.codegen.Instruction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Runs BPF instructions in Java, as the kernel's documentation defines them; keeps what is written to maps. Addresses are those of its memories, of a mebibyte each at most. */
final class Machine {
    private static final int UPDATE = 2;
    private static final int STEPS = 1_000_000;
    private static final int MEBIBYTE = 20;
    private static final long STACK = 1L << MEBIBYTE;

    /** What the kernel does when a program calls it. */
    interface Helpers {
        /** @param map the one in r1, if it is one */
        long call(int helper, Machine machine, String map);
    }

    final long[] r = new long[11];
    private final List<ByteBuffer> memories = new ArrayList<>();
    private final List<String> maps = new ArrayList<>();
    private final List<Long> written = new ArrayList<>();
    private final Helpers helpers;

    Machine(Helpers helpers) {
        this.helpers = helpers;
        memory(new byte[512]);
    }

    /** Its address. */
    long memory(byte[] content) {
        memories.add(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
        return (long) memories.size() << MEBIBYTE;
    }

    /** The first 8 bytes of each value that was put into a map. */
    static List<Long> run(List<Instruction> program) {
        var machine = new Machine((helper, m, map) -> {
            if (helper == UPDATE) m.written.add(m.at(m.r[3]).getLong(place(m.r[3])));
            return 0;
        });
        machine.steps(program);
        return machine.written;
    }

    void steps(List<Instruction> program) {
        r[10] = STACK + 512;
        int at = 0;
        for (int i = 0; i < STEPS; i++) {
            var in = program.get(at++);
            switch (in.opcode() & 7) {
                case 0 -> {
                    r[in.to()] = (long) program.get(at++).immediate() << 32 | in.immediate() & 0xffffffffL;
                    if (in.map() != null) {
                        maps.add(in.map());
                        r[in.to()] = -maps.size();
                    }
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

    private static int place(long address) {
        return (int) (address & STACK - 1);
    }

    private ByteBuffer at(long address) {
        return memories.get((int) (address >> MEBIBYTE) - 1);
    }

    private long load(long address, int opcode) {
        int at = place(address);
        var memory = at(address);
        return switch (opcode >> 3 & 3) {
            case 0 -> memory.getInt(at) & 0xffffffffL;
            case 1 -> memory.getShort(at) & 0xffffL;
            case 2 -> memory.get(at) & 0xffL;
            default -> memory.getLong(at);
        };
    }

    private void store(long address, long value, int opcode) {
        int at = place(address);
        var memory = at(address);
        switch (opcode >> 3 & 3) {
            case 0 -> memory.putInt(at, (int) value);
            case 1 -> memory.putShort(at, (short) value);
            case 2 -> memory.put(at, (byte) value);
            default -> memory.putLong(at, value);
        }
    }

    private void call(int helper) {
        String map = r[1] < 0 && -r[1] <= maps.size() ? maps.get((int) -r[1] - 1) : "";
        long result = helpers.call(helper, this, map);
        for (int i = 1; i <= 5; i++) r[i] = 0xdeadbeefL;
        r[0] = result;
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
