package dev.spandrel.probe.type;

import java.util.List;
import java.util.Optional;

/** A tracepoint as its format file describes it. */
public record Tracepoint(String category, String name, int id, List<Field> fields) {
    /** `dynamic`: the field holds where its bytes are (__data_loc), not the bytes themselves. */
    public record Field(String name, Type type, int offset, int size, boolean dynamic, String declared) {}

    public Optional<Field> field(String wanted) {
        return fields.stream().filter(f -> f.name().equals(wanted)).findFirst();
    }
}
