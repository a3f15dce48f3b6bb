package dev.spandrel.probe.type;

import java.util.LinkedHashMap;
import java.util.Map;

/** Where a struct's members are. Members of unnamed structs inside it count as its own. */
public record Layout(String name, int size, Map<String, Member> members) {
    public Layout {
        members = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** `bits` is 0 for what is no bit field; `shift` counts from the least significant bit of the bytes at `offset`. */
    public record Member(String name, Type type, int offset, int shift, int bits) {
        public Member(String name, Type type, int offset) {
            this(name, type, offset, 0, 0);
        }
    }
}
