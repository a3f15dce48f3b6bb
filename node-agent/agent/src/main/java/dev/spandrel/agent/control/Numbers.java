package dev.spandrel.agent.control;

import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Small numbers for things the kernel knows by index. What stays keeps its number, and a number that is given back is not
 * used again in the same step: the kernel may still be deciding by it. Immutable.
 */
record Numbers<T>(Map<T, Integer> byThing) {
    Numbers {
        byThing = Map.copyOf(byThing);
    }

    static <T> Numbers<T> none() {
        return new Numbers<>(Map.of());
    }

    /** Numbers from 1 to `last` for exactly these, as far as they go. */
    Numbers<T> assign(Collection<T> wanted, int last) {
        var taken = new BitSet();
        taken.set(0);
        byThing.values().forEach(taken::set);
        var next = new LinkedHashMap<T, Integer>();
        for (var thing : wanted) {
            var known = byThing.get(thing);
            int number = known != null ? known : taken.nextClearBit(0);
            if (number > last) continue;
            taken.set(number);
            next.put(thing, number);
        }
        return new Numbers<>(next);
    }

    OptionalInt of(T thing) {
        var number = byThing.get(thing);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
