package dev.spandrel.ebpf.code;

import java.util.Arrays;
import java.util.TreeMap;

/** What the registers and the words of a function's frame hold of its arguments at one instruction: an argument, something computed from or loaded from behind one, an address in the frame, or nothing that is known. */
final class Frame {
    private static final byte NOTHING = 0;
    /** An address in the frame, whichever. */
    private static final byte ADDRESS = 14;
    /** Loaded from behind an argument, whichever. */
    private static final byte FIELD = 15;

    private static final byte COMPUTED = 16;
    /** Of a word of four bytes. */
    private static final byte HALF = 32;

    private static final int UNKNOWN = Integer.MIN_VALUE;
    private static final int RSP = 4;
    private static final int LONGEST_STORE = 64;
    private static final int[] LOST_IN_CALLS = {0, 1, 2, 6, 7, 8, 9, 10, 11};

    private final byte[] registers;
    private final TreeMap<Integer, Byte> words;
    private int stack; // the stack pointer's distance from where it was at the entry, or UNKNOWN

    private Frame(byte[] registers, TreeMap<Integer, Byte> words, int stack) {
        this.registers = registers;
        this.words = words;
        this.stack = stack;
    }

    static Frame atEntry(Abi abi) {
        var frame = new Frame(new byte[16], new TreeMap<>(), 0);
        for (int i = 0; i < abi.registers(); i++) frame.registers[abi.register(i)] = (byte) (i + 1);
        return frame;
    }

    Frame copy() {
        return new Frame(registers.clone(), new TreeMap<>(words), stack);
    }

    boolean holds(int register, int argument) {
        return registers[register] == argument + 1;
    }

    /** Or an address behind it. */
    boolean leadsTo(int register, int argument) {
        return (registers[register] & ~COMPUTED) == argument + 1;
    }

    boolean pointsIntoFrame(int register) {
        return (registers[register] & ~COMPUTED) == ADDRESS;
    }

    boolean holdsField(int register) {
        return registers[register] == FIELD;
    }

    /** Distance of the argument's word from the stack pointer; -1: it is not in the frame. */
    int wordOf(int argument) {
        return words.entrySet().stream()
                .filter(word -> (word.getValue() & ~HALF) == argument + 1 && word.getKey() >= stack)
                .mapToInt(word -> word.getKey() - stack)
                .findFirst()
                .orElse(-1);
    }

    /** Forgets what is not so in both; whether that changed this one. */
    boolean join(Frame other) {
        if (stack == UNKNOWN) return false;
        if (stack != other.stack) {
            lose();
            return true;
        }
        boolean changed = false;
        for (int i = 0; i < registers.length; i++) {
            byte both = both(registers[i], other.registers[i]);
            changed |= both != registers[i];
            registers[i] = both;
        }
        return words.entrySet().removeIf(word -> !word.getValue().equals(other.words.get(word.getKey()))) || changed;
    }

    private static byte both(byte one, byte other) {
        if (one == other) return one;
        return (one & ~COMPUTED) == (other & ~COMPUTED) ? (byte) (one | COMPUTED) : NOTHING;
    }

    /** Nothing is known any more: the stack pointer cannot be told. */
    private void lose() {
        stack = UNKNOWN;
        words.clear();
        Arrays.fill(registers, NOTHING);
    }

    /** What it is behind the instruction. */
    void pass(Instruction i, Operands at) {
        if (stack == UNKNOWN) return;
        int pushed = Effects.pushed(i);
        boolean one = i.map() == 1 && !i.operandSize();
        if (i.isCall() || i.isIndirectCall()) {
            for (int lost : LOST_IN_CALLS) registers[lost] = NOTHING;
        } else if (i.isPush()) {
            stack -= 8;
            set(stack, registers[at.named()]);
        } else if (one && i.opcode() >> 3 == 0x58 >> 3) {
            registers[at.named()] = words.getOrDefault(stack, NOTHING);
            stack += 8;
        } else if (pushed == Effects.UNKNOWN) {
            lose();
        } else if (pushed != 0) {
            stack -= pushed;
        } else if (one && i.opcode() == 0x89) {
            store(at, registers[at.register()], (i.rex() & 8) != 0);
        } else if (one && i.opcode() == 0x8b) {
            registers[at.register()] = at.isMemory() ? load(at) : registers[at.memory()];
        } else if (one && i.opcode() == 0x8d) {
            registers[at.register()] =
                    at.base() == RSP ? ADDRESS : at.base() < 0 ? NOTHING : computed(registers[at.base()]);
        } else {
            byte sum = isSum(i, at) ? computed(registers[at.sum()]) : NOTHING;
            int written = Effects.written(i);
            for (int r = 0; r < registers.length; r++) if ((written & 1 << r) != 0) registers[r] = NOTHING;
            if (sum != NOTHING) registers[at.sum()] = sum;
            if (at.mayStoreToStack()) forget(stack + at.displacement(), LONGEST_STORE);
        }
    }

    private static byte computed(byte from) {
        return from == NOTHING ? NOTHING : (byte) (from | COMPUTED);
    }

    private static boolean isSum(Instruction i, Operands at) {
        return i.map() == 1 && (i.rex() & 8) != 0 && at.sum() >= 0 && at.sum() != RSP;
    }

    private byte load(Operands at) {
        if (at.base() == RSP && !at.isIndexed())
            return (byte) (words.getOrDefault(stack + at.displacement(), NOTHING) & ~HALF);
        boolean behind = at.base() >= 0 && registers[at.base()] > NOTHING && registers[at.base()] < ADDRESS;
        return behind ? FIELD : NOTHING;
    }

    private void store(Operands at, byte value, boolean wide) {
        if (!at.isMemory()) {
            registers[at.memory()] = value;
        } else if (at.base() == RSP) {
            forget(stack + at.displacement(), wide ? 8 : 4);
            set(stack + at.displacement(), wide || value == NOTHING ? value : (byte) (value | HALF));
        }
    }

    private void set(int word, byte value) {
        if (value == NOTHING) words.remove(word);
        else words.put(word, value);
    }

    private void forget(int from, int bytes) {
        words.subMap(from - 7, from + bytes)
                .entrySet()
                .removeIf(word -> word.getKey() + ((word.getValue() & HALF) != 0 ? 4 : 8) > from);
    }
}
