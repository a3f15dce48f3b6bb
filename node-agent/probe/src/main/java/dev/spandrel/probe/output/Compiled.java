package dev.spandrel.probe.output;

import dev.spandrel.probe.check.Instance.Point;
import dev.spandrel.probe.codegen.Instruction;
import java.util.List;

/**
 * Everything there is to load and to read.
 *
 * @param points the names behind {@code probe} and {@code func}, by index
 * @param actions what to do with a record, by its first 8 bytes
 * @param timeFormats of strftime(), by index
 * @param headBytes where a record's arguments begin
 */
public record Compiled(
        List<MapSpec> maps,
        List<Body> programs,
        List<Point> points,
        List<Action> actions,
        List<String> timeFormats,
        int headBytes) {
    public enum Kind {
        RAW_TRACEPOINT,
        TRACEPOINT,
        UPROBE,
        KPROBE,
        FENTRY,
        FEXIT,
        PERF_EVENT,
        /** Run for each object by whoever loads it. */
        ITERATOR,
        /** Run by whoever loads it. */
        CALLED
    }

    /**
     * One BPF program. Attached to each of its points; {@code first} is the index of the first of them.
     *
     * @param functions where those begin that the kernel calls back
     * @param readsStack whether it looks at the stack pointer, which is what it was at a function's entry only there
     */
    public record Body(
            String name,
            Kind kind,
            List<Instruction> instructions,
            List<Integer> functions,
            List<Point> points,
            int first,
            boolean readsStack) {}
}
