package dev.spandrel.agent.protocol.http2;

import dev.spandrel.agent.protocol.Slice;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A field of a table; null: unknown. */
@SuppressWarnings("ArrayRecordComponent")
record Entry(byte @Nullable [] name, byte @Nullable [] value) {
    /** What the specification adds to the lengths. */
    private static final int OVERHEAD = 32;

    static final Entry UNKNOWN = new Entry(null, null);

    static Entry of(Field field) {
        return new Entry(
                field.isNameKnown() ? copy(field.name()) : null, field.isValueKnown() ? copy(field.value()) : null);
    }

    /** Of what is known: at least this much. */
    int size() {
        return OVERHEAD + (name == null ? 0 : name.length) + (value == null ? 0 : value.length);
    }

    void nameInto(Field field) {
        if (name != null) {
            field.name(name, 0, name.length);
        }
    }

    void into(Field field) {
        nameInto(field);
        if (value != null) {
            field.value(value, 0, value.length);
        }
    }

    private static byte[] copy(Slice slice) {
        return Arrays.copyOfRange(slice.bytes(), slice.from(), slice.to());
    }
}
