package dev.spandrel.probe.codegen;

import dev.spandrel.probe.ir.Code;
import dev.spandrel.probe.ir.Ir;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;

/** Leaves out what no way leads to: the kernel refuses programs that have any. */
final class Reachable {
    private Reachable() {}

    static List<Code.Line> of(List<Code.Line> lines) {
        var labels = new HashMap<Integer, Integer>();
        for (int i = 0; i < lines.size(); i++)
            if (lines.get(i).instruction() instanceof Ir.Label(int number)) labels.put(number, i);
        var reached = new BitSet(lines.size());
        var next = new ArrayDeque<Integer>();
        next.add(0);
        while (!next.isEmpty()) {
            int at = next.pop();
            if (at >= lines.size() || reached.get(at)) continue;
            reached.set(at);
            switch (lines.get(at).instruction()) {
                case Ir.Jump(int label) -> next.push(labels.get(label));
                case Ir.Branch(var _, var _, var _, int label) -> {
                    next.push(labels.get(label));
                    next.push(at + 1);
                }
                case Ir.Exit _ -> {}
                default -> next.push(at + 1);
            }
        }
        var kept = new ArrayList<Code.Line>();
        for (int i = 0; i < lines.size(); i++) if (reached.get(i)) kept.add(lines.get(i));
        return kept;
    }
}
