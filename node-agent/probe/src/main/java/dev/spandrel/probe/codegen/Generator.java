package dev.spandrel.probe.codegen;

import dev.spandrel.probe.ir.Code;
import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Operand;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns code into BPF instructions. */
public final class Generator {
    public static final int STACK_BYTES = 512;
    /** Marks an address that {@link Functions} fills in. */
    static final int FUNCTION = 4;

    private static final int FIRST = 0;
    private static final int SECOND = 1;

    private record Fix(int at, int label) {}

    private final Allocation allocation;
    private final int frameBytes;
    private final List<Instruction> made = new ArrayList<>();
    private final List<Fix> fixes = new ArrayList<>();
    private final Map<Integer, Integer> labels = new HashMap<>();
    private Span span = Span.NONE;

    private Generator(Allocation allocation, int frameBytes) {
        this.allocation = allocation;
        this.frameBytes = frameBytes;
    }

    /** Instructions of one function, and the bytes of stack that it takes. */
    public record Generated(List<Instruction> instructions, int stackBytes) {}

    public static Generated program(Code code, int frameBytes) {
        return generate(code, frameBytes, false);
    }

    /** A function that the kernel calls for each entry of a map. Its frame begins with the addresses of key and value. */
    public static Generated callback(Code code, int frameBytes) {
        return generate(code, frameBytes, true);
    }

    private static Generated generate(Code code, int frameBytes, boolean callback) {
        var lines = Reachable.of(code.lines());
        var allocation = Allocation.of(lines, code.registers());
        var generator = new Generator(allocation, frameBytes);
        generator.emit(0xbf, Allocation.CONTEXT, callback ? 4 : 1, 0, 0);
        if (callback) {
            generator.emit(0x7b, Allocation.FRAME, 2, -frameBytes, 0);
            generator.emit(0x7b, Allocation.FRAME, 3, 8 - frameBytes, 0);
        }
        for (int i = 0; i < lines.size(); i++) {
            generator.span = lines.get(i).span();
            var following = i + 1 < lines.size() ? lines.get(i + 1).instruction() : null;
            if (lines.get(i).instruction() instanceof Ir.Jump(int to)
                    && following instanceof Ir.Label(int next)
                    && to == next) continue;
            generator.instruction(lines.get(i).instruction());
        }
        generator.resolve();
        return new Generated(List.copyOf(generator.made), frameBytes + 8 * allocation.spilled());
    }

    private void emit(int opcode, int to, int from, int offset, int immediate) {
        made.add(new Instruction(opcode, to, from, offset, immediate, null, span));
    }

    private void instruction(Ir ir) {
        int written = ir.written();
        if (written >= 0 && !allocation.used(written) && !(ir instanceof Ir.Call)) return;
        switch (ir) {
            case Ir.Const(int to, long value) -> {
                int r = target(to);
                constant(r, value);
                keep(to, r);
            }
            case Ir.Move(int to, int from) -> {
                int r = target(to);
                int source = value(from, SECOND);
                if (r != source) emit(0xbf, r, source, 0, 0);
                keep(to, r);
            }
            case Ir.Alu alu -> alu(alu);
            case Ir.Negate(int to, int from) -> {
                int r = copied(to, from);
                emit(0x87, r, 0, 0, 0);
                keep(to, r);
            }
            case Ir.Swap(int to, int from, int bits) -> {
                int r = copied(to, from);
                emit(0xdc, r, 0, 0, bits);
                keep(to, r);
            }
            case Ir.Load(int to, int base, int offset, int size) -> {
                int r = target(to);
                emit(0x61 + width(size), r, value(base, SECOND), place(base, offset), 0);
                keep(to, r);
            }
            case Ir.Store(int base, int offset, int size, var operand) -> {
                int address = value(base, FIRST);
                switch (operand) {
                    case Imm(int n) -> emit(0x62 + width(size), address, 0, place(base, offset), n);
                    case Reg(int n) -> emit(0x63 + width(size), address, value(n, SECOND), place(base, offset), 0);
                }
            }
            case Ir.AtomicAdd(int base, int offset, int amount, int old) -> atomicAdd(base, offset, amount, old);
            case Ir.Call(int to, int helper, var arguments) -> {
                new Arguments(this).set(arguments);
                emit(0x85, 0, 0, 0, helper);
                if (to >= 0 && allocation.used(to)) {
                    int r = target(to);
                    if (r != 0) emit(0xbf, r, 0, 0, 0);
                    keep(to, r);
                }
            }
            case Ir.MapAddress(int to, var map) -> {
                int r = target(to);
                made.add(new Instruction(0x18, r, 1, 0, 0, map, span));
                emit(0, 0, 0, 0, 0);
                keep(to, r);
            }
            case Ir.Label(int number) -> labels.put(number, made.size());
            case Ir.Jump(int label) -> {
                fixes.add(new Fix(made.size(), label));
                emit(0x05, 0, 0, 0, 0);
            }
            case Ir.Branch(var condition, int left, var right, int label) -> {
                int a = value(left, FIRST);
                switch (right) {
                    case Imm(int n) -> {
                        fixes.add(new Fix(made.size(), label));
                        emit(0x05 | condition.code, a, 0, 0, n);
                    }
                    case Reg(int n) -> {
                        int b = value(n, SECOND);
                        fixes.add(new Fix(made.size(), label));
                        emit(0x0d | condition.code, a, b, 0, 0);
                    }
                }
            }
            case Ir.FunctionAddress(int to, int function) -> {
                int r = target(to);
                emit(0x18, r, FUNCTION, 0, function);
                emit(0, 0, 0, 0, 0);
                keep(to, r);
            }
            case Ir.Exit(int value) -> {
                emit(0xb7, 0, 0, 0, value);
                emit(0x95, 0, 0, 0, 0);
            }
        }
    }

    private void alu(Ir.Alu alu) {
        int to = target(alu.to());
        switch (alu.right()) {
            case Imm(int n) -> {
                int r = copied(alu.to(), alu.left());
                emit(0x07 | alu.op().code, r, 0, 0, place(alu.left(), n));
                keep(alu.to(), r);
            }
            case Reg(int n) -> {
                int right = value(n, SECOND);
                int left = value(alu.left(), FIRST);
                // The result must not overwrite the right operand before it is used.
                int r = right == to && left != to ? FIRST : to;
                if (r != left) emit(0xbf, r, left, 0, 0);
                emit(0x0f | alu.op().code, r, right, 0, 0);
                if (r != to) emit(0xbf, to, r, 0, 0);
                keep(alu.to(), to);
            }
        }
    }

    private void atomicAdd(int base, int offset, int amount, int old) {
        int address = value(base, FIRST);
        int source = value(amount, SECOND);
        if (old < 0 || !allocation.used(old)) {
            emit(0xdb, address, source, place(base, offset), 0);
            return;
        }
        if (source != SECOND) emit(0xbf, SECOND, source, 0, 0);
        emit(0xdb, address, SECOND, place(base, offset), 1);
        int r = target(old);
        emit(0xbf, r, SECOND, 0, 0);
        keep(old, r);
    }

    private int copied(int to, int from) {
        int r = target(to);
        int source = value(from, FIRST);
        if (r != source) emit(0xbf, r, source, 0, 0);
        return r;
    }

    void constant(int r, long value) {
        if (value == (int) value) emit(0xb7, r, 0, 0, (int) value);
        else {
            emit(0x18, r, 0, 0, (int) value);
            emit(0, 0, 0, 0, (int) (value >> 32));
        }
    }

    /** Where a result is computed: its own register, or r0 on the way to the stack. */
    private int target(int register) {
        int r = allocation.machine(register);
        return r >= 0 ? r : FIRST;
    }

    private void keep(int register, int r) {
        if (allocation.machine(register) < 0) emit(0x7b, Allocation.FRAME, r, spill(register), 0);
    }

    private int value(int register, int temporary) {
        int r = allocation.machine(register);
        if (r >= 0) return r;
        emit(0x79, temporary, Allocation.FRAME, spill(register), 0);
        return temporary;
    }

    private int spill(int register) {
        return -frameBytes - 8 * (allocation.slot(register) + 1);
    }

    /** Offsets from the frame count from its lower end. */
    private int place(int base, int offset) {
        return base == Ir.FRAME ? offset - frameBytes : offset;
    }

    /** Loads an argument of a call into r1 to r5. */
    void argument(int to, Operand from) {
        switch (from) {
            case Imm(int n) -> emit(0xb7, to, 0, 0, n);
            case Reg(int n) -> {
                int r = value(n, to);
                if (r != to) emit(0xbf, to, r, 0, 0);
            }
        }
    }

    int machine(int register) {
        return allocation.machine(register);
    }

    void moveToSpare(int from) {
        emit(0xbf, FIRST, from, 0, 0);
    }

    void moveFromSpare(int to) {
        emit(0xbf, to, FIRST, 0, 0);
    }

    private static int width(int size) {
        return switch (size) {
            case 1 -> 0x10;
            case 2 -> 0x08;
            case 4 -> 0x00;
            default -> 0x18;
        };
    }

    private void resolve() {
        for (Fix fix : fixes) {
            var jump = made.get(fix.at());
            int distance = labels.get(fix.label()) - fix.at() - 1;
            made.set(
                    fix.at(),
                    new Instruction(
                            jump.opcode(), jump.to(), jump.from(), distance, jump.immediate(), null, jump.span()));
        }
    }
}
