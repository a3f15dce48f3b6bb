package dev.spandrel.agent.program;

import dev.spandrel.ebpf.Btf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Do our byte offsets and numbers equal what the object was compiled with? */
public final class LayoutCheck {
    private LayoutCheck() {}

    /** Differences, one line each. `members` is field → offset; the field "" stands for the size of the struct. */
    public static List<String> struct(Btf btf, String name, Map<String, Integer> members) {
        var found = btf.struct(name);
        if (found.isEmpty()) return List.of("struct " + name + " is not in the object");
        var differences = new ArrayList<String>();
        members.forEach((member, offset) -> {
            var place = found.get().members().get(member);
            long actual = member.isEmpty() ? found.get().size() : place == null ? -1 : place.offset();
            if (actual != offset)
                differences.add(
                        name + "." + (member.isEmpty() ? "size" : member) + " is " + actual + ", not " + offset);
        });
        return differences;
    }

    /** Differences, one line each. */
    public static List<String> enumeration(Btf btf, String name, Map<String, Long> values) {
        var found = btf.enumeration(name);
        if (found.isEmpty()) return List.of("enum " + name + " is not in the object");
        var differences = new ArrayList<String>();
        values.forEach((constant, value) -> {
            var actual = found.get().get(constant);
            if (!value.equals(actual)) differences.add(constant + " is " + actual + ", not " + value);
        });
        return differences;
    }
}
