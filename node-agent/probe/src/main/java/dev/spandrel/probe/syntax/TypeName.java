package dev.spandrel.probe.syntax;

import java.util.List;

/** A type as written: struct task_struct *, uint8[4], string[16]. */
public record TypeName(Span span, String name, int pointers, List<Integer> dimensions) {
    @Override
    public String toString() {
        var shown = new StringBuilder(name);
        if (pointers > 0) shown.append(' ').append("*".repeat(pointers));
        for (int dimension : dimensions) shown.append('[').append(dimension).append(']');
        return shown.toString();
    }
}
