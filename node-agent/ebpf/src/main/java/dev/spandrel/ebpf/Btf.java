package dev.spandrel.ebpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** BPF type format, read from its bytes: what structs and enums of an object look like. Immutable. */
public final class Btf {
    /** Where a member or a variable is. */
    public record Place(long offset, long size) {}

    public record Struct(String name, long size, Map<String, Place> members) {
        public Struct {
            members = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }

    static final Btf EMPTY = new Btf(ByteBuffer.allocate(0), 0, 0, 0, 0);

    private static final int MAGIC = 0xeb9f;
    private static final int HEADER_BYTES = 24;
    private static final int TYPE_BYTES = 12;

    private final ByteBuffer bytes;
    private final int types;
    private final int typesEnd;
    private final int strings;
    private final int stringsEnd;
    private int @org.jspecify.annotations.Nullable [] index;

    private Btf(ByteBuffer bytes, int types, int typesEnd, int strings, int stringsEnd) {
        this.bytes = bytes;
        this.types = types;
        this.typesEnd = typesEnd;
        this.strings = strings;
        this.stringsEnd = stringsEnd;
    }

    public static Btf parse(byte[] raw) {
        var bytes = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
        if (raw.length < HEADER_BYTES || (bytes.getShort(0) & 0xffff) != MAGIC) throw new BpfException("not BTF");
        int header = bytes.getInt(4);
        int types = header + bytes.getInt(8);
        int strings = header + bytes.getInt(16);
        return new Btf(bytes, types, types + bytes.getInt(12), strings, strings + bytes.getInt(20));
    }

    /** What {@link #parse} finds nothing in: a header, and the string that is always there. */
    static byte[] none() {
        return ByteBuffer.allocate(HEADER_BYTES + 1)
                .order(ByteOrder.nativeOrder())
                .putShort(0, (short) MAGIC)
                .put(2, (byte) 1)
                .putInt(4, HEADER_BYTES)
                .putInt(20, 1)
                .array();
    }

    public Optional<Struct> struct(String name) {
        return find(name, Kind.STRUCT).map(this::readStruct);
    }

    /** Values of an enum by name, in order. */
    public Optional<Map<String, Long>> enumeration(String name) {
        var found = find(name, Kind.ENUM).or(() -> find(name, Kind.ENUM64));
        return found.map(this::readEnum);
    }

    /** Where a global variable is in its data section. */
    public Optional<Place> variable(String section, String variable) {
        return find(section, Kind.DATASEC).flatMap(at -> {
            for (int i = 0; i < vlen(at); i++) {
                int entry = at + TYPE_BYTES + 12 * i;
                int var = offsetOf(bytes.getInt(entry));
                if (!name(var).equals(variable)) continue;
                return Optional.of(new Place(bytes.getInt(entry + 4), bytes.getInt(entry + 8)));
            }
            return Optional.empty();
        });
    }

    private Struct readStruct(int at) {
        boolean bitfields = bytes.getInt(at + 4) < 0;
        var members = new LinkedHashMap<String, Place>();
        for (int i = 0; i < vlen(at); i++) {
            int member = at + TYPE_BYTES + 12 * i;
            int bits = bytes.getInt(member + 8);
            long offset = (bitfields ? bits & 0xffffff : Integer.toUnsignedLong(bits)) / 8;
            members.put(string(bytes.getInt(member)), new Place(offset, size(bytes.getInt(member + 4))));
        }
        return new Struct(name(at), sizeOrType(at), members);
    }

    private Map<String, Long> readEnum(int at) {
        var values = new LinkedHashMap<String, Long>();
        boolean wide = kind(at) == Kind.ENUM64;
        for (int i = 0; i < vlen(at); i++) {
            int entry = at + TYPE_BYTES + (wide ? 12 : 8) * i;
            long low = bytes.getInt(entry + 4);
            long value = wide ? (low & 0xffffffffL) | ((long) bytes.getInt(entry + 8) << 32) : low;
            values.put(string(bytes.getInt(entry)), value);
        }
        return values;
    }

    private long size(int type) {
        if (type == 0) return 0;
        int at = offsetOf(type);
        return switch (kind(at)) {
            case INT, STRUCT, UNION, ENUM, FLOAT, ENUM64, DATASEC -> sizeOrType(at);
            case PTR -> 8;
            case ARRAY -> size(bytes.getInt(at + TYPE_BYTES)) * bytes.getInt(at + TYPE_BYTES + 8);
            case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG, VAR -> size((int) sizeOrType(at));
            case VOID, FWD, FUNC, FUNC_PROTO, DECL_TAG -> 0;
        };
    }

    private Optional<Integer> find(String name, Kind kind) {
        var nameOffset = stringOffset(name);
        if (nameOffset.isEmpty()) return Optional.empty();
        int wanted = nameOffset.getAsInt();
        for (int at = types; at < typesEnd; at += TYPE_BYTES + trailer(at))
            if (bytes.getInt(at) == wanted && kind(at) == kind) return Optional.of(at);
        return Optional.empty();
    }

    /** Strings are unique, so a name has one offset. */
    private OptionalInt stringOffset(String name) {
        var wanted = (name + '\0').getBytes(StandardCharsets.UTF_8);
        next:
        for (int at = strings; at + wanted.length <= stringsEnd; at++) {
            if (bytes.get(at) != wanted[0] || (at > strings && bytes.get(at - 1) != 0)) continue;
            for (int i = 1; i < wanted.length; i++) if (bytes.get(at + i) != wanted[i]) continue next;
            return OptionalInt.of(at - strings);
        }
        return OptionalInt.empty();
    }

    private int offsetOf(int type) {
        var known = index;
        if (known == null) index = known = buildIndex();
        return known[type];
    }

    private int[] buildIndex() {
        int count = 1;
        for (int at = types; at < typesEnd; at += TYPE_BYTES + trailer(at)) count++;
        var built = new int[count];
        int id = 1;
        for (int at = types; at < typesEnd; at += TYPE_BYTES + trailer(at)) built[id++] = at;
        return built;
    }

    private int trailer(int at) {
        return kind(at).trailer(vlen(at));
    }

    private Kind kind(int at) {
        return Kind.of((bytes.getInt(at + 4) >> 24) & 31);
    }

    private int vlen(int at) {
        return bytes.getInt(at + 4) & 0xffff;
    }

    private long sizeOrType(int at) {
        return Integer.toUnsignedLong(bytes.getInt(at + 8));
    }

    private String name(int at) {
        return string(bytes.getInt(at));
    }

    private String string(int offset) {
        int end = strings + offset;
        while (bytes.get(end) != 0) end++;
        return new String(bytes.array(), strings + offset, end - strings - offset, StandardCharsets.UTF_8);
    }

    /** BTF_KIND_*, in the kernel's order. */
    private enum Kind {
        VOID,
        INT,
        PTR,
        ARRAY,
        STRUCT,
        UNION,
        ENUM,
        FWD,
        TYPEDEF,
        VOLATILE,
        CONST,
        RESTRICT,
        FUNC,
        FUNC_PROTO,
        VAR,
        DATASEC,
        FLOAT,
        DECL_TAG,
        TYPE_TAG,
        ENUM64;

        private static final Kind[] ALL = values();

        static Kind of(int number) {
            if (number >= ALL.length) throw new BpfException("BTF kind " + number + " is not known");
            return ALL[number];
        }

        /** Bytes after the common part. */
        int trailer(int vlen) {
            return switch (this) {
                case INT, VAR, DECL_TAG -> 4;
                case ARRAY -> 12;
                case STRUCT, UNION, DATASEC, ENUM64 -> 12 * vlen;
                case ENUM, FUNC_PROTO -> 8 * vlen;
                case VOID, PTR, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FLOAT, TYPE_TAG -> 0;
            };
        }
    }
}
