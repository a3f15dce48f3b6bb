package dev.spandrel.probe.ir;

import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Operand;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gathers instructions, each with the place in the source that it comes from. */
public final class Code {
    /** An instruction and where it comes from. */
    public record Line(Ir instruction, Span span) {}

    private final List<Line> lines = new ArrayList<>();
    private final Set<Integer> pointers = new HashSet<>(Set.of(Ir.CONTEXT));
    private int registers = 2;
    private int labels;
    private Span span = Span.NONE;
    private int insertAt = -1;

    public List<Line> lines() {
        return List.copyOf(lines);
    }

    public int registers() {
        return registers;
    }

    public void at(Span where) {
        span = where;
    }

    public Span span() {
        return span;
    }

    /** What is added until {@link #endInsert} goes before the line of this number. */
    public void beginInsert(int line) {
        insertAt = line;
    }

    public void endInsert() {
        insertAt = -1;
    }

    public int size() {
        return lines.size();
    }

    public void add(Ir instruction) {
        if (insertAt >= 0) lines.add(insertAt++, new Line(instruction, span));
        else lines.add(new Line(instruction, span));
    }

    public int register() {
        return registers++;
    }

    public int label() {
        return labels++;
    }

    public void place(int label) {
        add(new Ir.Label(label));
    }

    public int constant(long value) {
        int to = register();
        add(new Ir.Const(to, value));
        return to;
    }

    public Operand operand(long value) {
        return value == (int) value ? new Imm((int) value) : new Reg(constant(value));
    }

    public int alu(Op op, int left, Operand right) {
        int to = register();
        add(new Ir.Alu(op, to, left, right));
        return to;
    }

    public int alu(Op op, int left, long right) {
        return alu(op, left, operand(right));
    }

    /** Whether the verifier may take what it holds for a pointer of the kernel: it came from what the program was called with, whose types say so of arguments. */
    public boolean mayPoint(int register) {
        return pointers.contains(register);
    }

    public int load(int base, int offset, int size) {
        int to = register();
        add(new Ir.Load(to, base, offset, size));
        if (size == 8 && mayPoint(base)) pointers.add(to);
        return to;
    }

    public void store(int base, int offset, int size, int value) {
        add(new Ir.Store(base, offset, size, new Reg(value)));
    }

    public void store(int base, int offset, int size, long value) {
        add(new Ir.Store(base, offset, size, operand(value)));
    }

    public int call(int helper, Operand... arguments) {
        int to = register();
        add(new Ir.Call(to, helper, List.of(arguments)));
        return to;
    }

    public void run(int helper, Operand... arguments) {
        add(new Ir.Call(Ir.NOWHERE, helper, List.of(arguments)));
    }

    public Operand map(String name) {
        int to = register();
        add(new Ir.MapAddress(to, name));
        return new Reg(to);
    }

    public void jump(int label) {
        add(new Ir.Jump(label));
    }

    public void branch(Condition condition, int left, Operand right, int label) {
        add(new Ir.Branch(condition, left, right, label));
    }

    public void branch(Condition condition, int left, long right, int label) {
        add(new Ir.Branch(condition, left, operand(right), label));
    }

    public void move(int to, int from) {
        add(new Ir.Move(to, from));
        if (mayPoint(from)) pointers.add(to);
    }
}
