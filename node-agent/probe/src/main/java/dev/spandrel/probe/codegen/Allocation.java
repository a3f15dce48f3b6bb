package dev.spandrel.probe.codegen;

import dev.spandrel.probe.ir.Code;
import dev.spandrel.probe.ir.Ir;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;

/**
 * Which register of the machine each register of the code lives in, or where on the stack. A linear scan over live ranges: what lives
 * over a call gets r7 to r9, which calls leave alone; what does not also r2 to r5. r0 and r1 stay free for what is on the stack.
 */
final class Allocation {
    static final int FRAME = 10;
    static final int CONTEXT = 6;
    private static final int[] KEPT = {7, 8, 9};
    private static final int[] LOST = {2, 3, 4, 5};
    private static final int NONE = -1;

    private record Range(int register, int start, int end, boolean overCall) {}

    private final int[] machine;
    private final int[] slot;
    private int spilled;

    private Allocation(int registers) {
        machine = new int[registers];
        slot = new int[registers];
        Arrays.fill(machine, NONE);
        Arrays.fill(slot, NONE);
        machine[Ir.FRAME] = FRAME;
        machine[Ir.CONTEXT] = CONTEXT;
    }

    static Allocation of(List<Code.Line> lines, int registers) {
        var allocation = new Allocation(registers);
        allocation.assign(ranges(lines, registers));
        return allocation;
    }

    /** The machine's register, or -1 if it is on the stack. */
    int machine(int register) {
        return machine[register];
    }

    /** Number of its 8 bytes on the stack. */
    int slot(int register) {
        return slot[register];
    }

    int spilled() {
        return spilled;
    }

    boolean used(int register) {
        return machine[register] != NONE || slot[register] != NONE;
    }

    private void assign(List<Range> ranges) {
        var active = new ArrayList<Range>();
        var freeSlots = new ArrayList<Integer>();
        for (Range range : ranges) {
            active.removeIf(old -> {
                boolean over = old.end() <= range.start();
                if (over && slot[old.register()] != NONE) freeSlots.add(slot[old.register()]);
                return over;
            });
            int found = free(active, range.overCall() ? KEPT : LOST);
            if (found == NONE && !range.overCall()) found = free(active, KEPT);
            if (found == NONE) {
                slot[range.register()] = freeSlots.isEmpty() ? spilled++ : freeSlots.removeLast();
            } else machine[range.register()] = found;
            active.add(range);
        }
    }

    private int free(List<Range> active, int[] candidates) {
        for (int candidate : candidates)
            if (active.stream().noneMatch(r -> machine[r.register()] == candidate)) return candidate;
        return NONE;
    }

    private static List<Range> ranges(List<Code.Line> lines, int registers) {
        var live = liveAfter(lines, registers);
        var start = new int[registers];
        var end = new int[registers];
        Arrays.fill(start, Integer.MAX_VALUE);
        Arrays.fill(end, -1);
        var calls = new ArrayList<Integer>();
        for (int i = 0; i < lines.size(); i++) {
            var instruction = lines.get(i).instruction();
            if (instruction instanceof Ir.Call) calls.add(i);
            for (int r : instruction.read()) {
                start[r] = Math.min(start[r], i);
                end[r] = Math.max(end[r], i);
            }
            int written = instruction.written();
            if (written >= 0) {
                start[written] = Math.min(start[written], i);
                end[written] = Math.max(end[written], i + 1);
            }
            int at = i;
            live[i].stream().forEach(r -> {
                start[r] = Math.min(start[r], at);
                end[r] = Math.max(end[r], at + 1);
            });
        }
        var ranges = new ArrayList<Range>();
        for (int r = 2; r < registers; r++) {
            if (end[r] < 0) continue;
            int s = start[r];
            int e = end[r];
            boolean overCall = calls.stream().anyMatch(c -> s < c && e > c);
            ranges.add(new Range(r, s, e, overCall));
        }
        ranges.sort(Comparator.comparingInt(Range::start));
        return ranges;
    }

    private static BitSet[] liveAfter(List<Code.Line> lines, int registers) {
        var labels = new HashMap<Integer, Integer>();
        for (int i = 0; i < lines.size(); i++)
            if (lines.get(i).instruction() instanceof Ir.Label(int number)) labels.put(number, i);
        var before = new BitSet[lines.size() + 1];
        var after = new BitSet[lines.size()];
        for (int i = 0; i <= lines.size(); i++) before[i] = new BitSet(registers);
        for (int i = 0; i < lines.size(); i++) after[i] = new BitSet(registers);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = lines.size() - 1; i >= 0; i--) {
                var instruction = lines.get(i).instruction();
                var out = new BitSet(registers);
                switch (instruction) {
                    case Ir.Jump(int label) -> out.or(before[labels.get(label)]);
                    case Ir.Branch(var _, var _, var _, int label) -> {
                        out.or(before[labels.get(label)]);
                        out.or(before[i + 1]);
                    }
                    case Ir.Exit _ -> {}
                    default -> out.or(before[i + 1]);
                }
                after[i] = out;
                var in = (BitSet) out.clone();
                if (instruction.written() >= 0) in.clear(instruction.written());
                for (int r : instruction.read()) in.set(r);
                if (!in.equals(before[i])) {
                    before[i] = in;
                    changed = true;
                }
            }
        }
        return after;
    }
}
