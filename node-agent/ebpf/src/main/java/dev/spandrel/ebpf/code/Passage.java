package dev.spandrel.ebpf.code;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A call inside a function that hands on one of its arguments, or an address behind it, as the first one: where bytes are copied to a caller's buffer. `words` are the distances from the stack
 * pointer at which other arguments lie there. The kernel emulates calls.
 */
public record Passage(int offset, List<Integer> words) {
    private static final int RDI = 7;

    public Passage {
        words = List.copyOf(words);
    }

    /** The only such call that hands on `argument`, where the arguments `kept` are in the frame. Empty also where the code cannot be followed. */
    public static Optional<Passage> of(byte[] code, int argument, int... kept) {
        var found = new ArrayList<Passage>();
        for (var at : framesOf(code).entrySet()) {
            var frame = at.getValue();
            var instruction = Decoder.decode(code, at.getKey());
            if (instruction.isEmpty() || !instruction.get().isCall() || !frame.leadsTo(RDI, argument)) continue;
            var words = new ArrayList<Integer>();
            for (int wanted : kept) words.add(frame.wordOf(wanted));
            found.add(new Passage(at.getKey(), words));
        }
        return found.size() == 1 && !found.getFirst().words.contains(-1)
                ? Optional.of(found.getFirst())
                : Optional.empty();
    }

    /** By the offset of each instruction that can be reached; none where that cannot be told. */
    private static Map<Integer, Frame> framesOf(byte[] code) {
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
