package dev.spandrel.ebpf.code;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A direct call inside a function, and what is known of the arguments it is made with: which of the function's own they are. The kernel emulates calls. */
public final class CallSite {
    private final Instruction call;
    private final Frame frame;

    private CallSite(Instruction call, Frame frame) {
        this.call = call;
        this.frame = frame;
    }

    /** All that can be reached, in the order of their places; none where the code cannot be followed. */
    public static List<CallSite> in(byte[] code) {
        return framesOf(code).entrySet().stream()
                .map(at -> new CallSite(Decoder.decode(code, at.getKey()).orElseThrow(), at.getValue()))
                .filter(site -> site.call.isCall())
                .sorted((one, other) -> Integer.compare(one.offset(), other.offset()))
                .toList();
    }

    public int offset() {
        return call.offset();
    }

    /** The entry of what is called, as an offset into the code. */
    public int target() {
        return call.target();
    }

    /** Whether the argument at `position` is the function's own `argument`. */
    public boolean hands(int position, int argument) {
        return frame.holds(register(position), argument);
    }

    /** … or an address behind it. */
    public boolean leadsTo(int position, int argument) {
        return frame.leadsTo(register(position), argument);
    }

    /** Whether it is an address in the function's own frame. */
    public boolean isInFrame(int position) {
        return frame.pointsIntoFrame(register(position));
    }

    /** Whether it was loaded from behind one of the function's arguments. */
    public boolean isField(int position) {
        return frame.holdsField(register(position));
    }

    /** Distance of the function's own `argument` from the stack pointer; -1: it is not in the frame. */
    int wordOf(int argument) {
        return frame.wordOf(argument);
    }

    private static int register(int position) {
        return Abi.SYSTEM_V.register(position);
    }

    /** By the offset of each instruction that can be reached; none where that cannot be told. */
    static Map<Integer, Frame> framesOf(byte[] code) {
        var frames = new HashMap<Integer, Frame>();
        var work = new ArrayDeque<Integer>();
        frames.put(0, Frame.atEntry(Abi.SYSTEM_V));
        work.add(0);
        while (!work.isEmpty()) {
            int at = work.poll();
            var decoded = Decoder.decode(code, at);
            if (decoded.isEmpty() || decoded.get().isIndirectJump()) return Map.of();
            var i = decoded.get();
            if (i.isReturn() || i.isTrap()) continue;
            var after = frames.get(at).copy();
            after.pass(i, Operands.of(code, i));
            if (i.isJump() || i.isConditionalJump() || i.isCountedJump())
                reach(frames, work, i.target(), after, code.length);
            if (!i.isJump()) reach(frames, work, i.next(), after, code.length);
        }
        return frames;
    }

    /** A place outside of the code is another function's, or a part from which nothing comes back. */
    private static void reach(Map<Integer, Frame> frames, ArrayDeque<Integer> work, int to, Frame with, int length) {
        if (to < 0 || to >= length) return;
        var known = frames.putIfAbsent(to, with.copy());
        if (known == null || known.join(with)) work.add(to);
    }
}
