package dev.spandrel.ebpf.dwarf;

import java.util.List;
import java.util.Optional;

/**
 * As it was compiled.
 *
 * @param parameters in order, those with which the machine calls it
 * @param result its type; empty: nothing
 * @param inC and not in C++
 */
public record Function(List<Parameter> parameters, Optional<Entry> result, boolean inC) {
    public Function {
        parameters = List.copyOf(parameters);
    }

    /** @param type empty: it is not known */
    public record Parameter(String name, Optional<Entry> type) {}
}
