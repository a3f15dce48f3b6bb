package dev.spandrel.ebpf.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A call inside a function that hands on one of its arguments, or an address behind it, as the first one: where bytes are copied to a caller's buffer. `words` are the distances from the stack
 * pointer at which other arguments lie there.
 */
public record Passage(int offset, List<Integer> words) {
    public Passage {
        words = List.copyOf(words);
    }

    /** The only such call that hands on `argument`, where the arguments `kept` are in the frame. Empty also where the code cannot be followed. */
    public static Optional<Passage> of(byte[] code, int argument, int... kept) {
        var found = new ArrayList<Passage>();
        for (var site : CallSite.in(code)) {
            if (!site.leadsTo(0, argument)) continue;
            var words = new ArrayList<Integer>();
            for (int wanted : kept) words.add(site.wordOf(wanted));
            found.add(new Passage(site.offset(), words));
        }
        return found.size() == 1 && !found.getFirst().words.contains(-1)
                ? Optional.of(found.getFirst())
                : Optional.empty();
    }
}
