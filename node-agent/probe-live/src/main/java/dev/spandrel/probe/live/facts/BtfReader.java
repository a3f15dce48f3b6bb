package dev.spandrel.probe.live.facts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/** The kernel's BTF as a graph of numbered types. Only where each begins is read beforehand. */
final class BtfReader {
    static final int INT = 1;
    static final int POINTER = 2;
    static final int ARRAY = 3;
    static final int STRUCT = 4;
    static final int UNION = 5;
    static final int ENUM = 6;
    static final int FORWARD = 7;
    static final int TYPEDEF = 8;
    static final int VOLATILE = 9;
    static final int CONST = 10;
    static final int RESTRICT = 11;
    static final int FUNC = 12;
    static final int FUNC_PROTO = 13;
    static final int TYPE_TAG = 18;
    static final int ENUM64 = 19;

    /** `bits` is 0 for what is no bit field. */
    record Entry(String name, int type, int bitOffset, int bits) {}

    private final ByteBuffer bytes;
    private final int strings;
    private final int stringsEnd;
    private final int[] at;
    private final Map<String, Integer> stringOffsets = new ConcurrentHashMap<>();

    private BtfReader(ByteBuffer bytes, int strings, int stringsEnd, int[] at) {
        this.bytes = bytes;
        this.strings = strings;
        this.stringsEnd = stringsEnd;
        this.at = at;
    }

    static Optional<BtfReader> read(Path file) {
        try {
            return read(Files.readAllBytes(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<BtfReader> read(byte[] raw) {
        try {
            var bytes = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
            if (bytes.limit() < 24 || (bytes.getShort(0) & 0xffff) != 0xeb9f) return Optional.empty();
            int header = bytes.getInt(4);
            int types = header + bytes.getInt(8);
            int end = types + bytes.getInt(12);
            int strings = header + bytes.getInt(16);
            var at = new int[4096];
            int count = 1;
            for (int i = types; i < end; i += 12 + trailer(bytes, i)) {
                if (count == at.length) at = Arrays.copyOf(at, 2 * count);
                at[count++] = i;
            }
            return Optional.of(new BtfReader(bytes, strings, strings + bytes.getInt(20), Arrays.copyOf(at, count)));
        } catch (IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static int trailer(ByteBuffer bytes, int i) {
        int information = bytes.getInt(i + 4);
        int length = information & 0xffff;
        return switch (information >> 24 & 31) {
            case INT, 14, 17 -> 4;
            case ARRAY -> 12;
            case STRUCT, UNION, 15, ENUM64 -> 12 * length;
            case ENUM, FUNC_PROTO -> 8 * length;
            default -> 0;
        };
    }

    int count() {
        return at.length;
    }

    int kind(int type) {
        return type == 0 ? 0 : bytes.getInt(at[type] + 4) >> 24 & 31;
    }

    String name(int type) {
        return string(bytes.getInt(at[type]));
    }

    /** Of what refers to another type. */
    int target(int type) {
        return bytes.getInt(at[type] + 8);
    }

    int size(int type) {
        return bytes.getInt(at[type] + 8);
    }

    /** An integer's bits 24 to 31: 1 signed, 2 char, 4 bool. */
    int encoding(int type) {
        return bytes.getInt(at[type] + 12) >>> 24 & 0xf;
    }

    int elementType(int array) {
        return bytes.getInt(at[array] + 12);
    }

    int elements(int array) {
        return bytes.getInt(at[array] + 20);
    }

    boolean signedEnum(int type) {
        return bytes.getInt(at[type] + 4) < 0;
    }

    List<Entry> members(int struct) {
        int information = bytes.getInt(at[struct] + 4);
        boolean fields = information < 0;
        var members = new ArrayList<Entry>();
        for (int i = 0; i < (information & 0xffff); i++) {
            int member = at[struct] + 12 + 12 * i;
            int offset = bytes.getInt(member + 8);
            members.add(new Entry(
                    string(bytes.getInt(member)),
                    bytes.getInt(member + 4),
                    fields ? offset & 0xffffff : offset,
                    fields ? offset >>> 24 : 0));
        }
        return members;
    }

    List<Entry> parameters(int prototype) {
        var parameters = new ArrayList<Entry>();
        for (int i = 0; i < (bytes.getInt(at[prototype] + 4) & 0xffff); i++) {
            int parameter = at[prototype] + 12 + 8 * i;
            parameters.add(new Entry(string(bytes.getInt(parameter)), bytes.getInt(parameter + 4), 0, 0));
        }
        return parameters;
    }

    Optional<Integer> find(String name, IntPredicate kinds) {
        int wanted = stringOffset(name);
        if (wanted < 0) return Optional.empty();
        for (int type = 1; type < at.length; type++)
            if (bytes.getInt(at[type]) == wanted && kinds.test(kind(type))) return Optional.of(type);
        return Optional.empty();
    }

    Optional<Long> constant(String name) {
        int wanted = stringOffset(name);
        if (wanted < 0) return Optional.empty();
        for (int type = 1; type < at.length; type++) {
            int kind = kind(type);
            if (kind != ENUM && kind != ENUM64) continue;
            int width = kind == ENUM ? 8 : 12;
            for (int i = 0; i < (bytes.getInt(at[type] + 4) & 0xffff); i++) {
                int entry = at[type] + 12 + width * i;
                if (bytes.getInt(entry) != wanted) continue;
                long low = bytes.getInt(entry + 4);
                return Optional.of(kind == ENUM ? low : low & 0xffffffffL | (long) bytes.getInt(entry + 8) << 32);
            }
        }
        return Optional.empty();
    }

    List<String> names(IntPredicate kinds) {
        var names = new ArrayList<String>();
        for (int type = 1; type < at.length; type++)
            if (kinds.test(kind(type)) && bytes.getInt(at[type]) != 0) names.add(name(type));
        return names;
    }

    /** Strings are there once each; a search goes through megabytes, so what it found is kept. */
    private int stringOffset(String name) {
        return stringOffsets.computeIfAbsent(name, this::searchString);
    }

    private int searchString(String name) {
        var wanted = (name + '\0').getBytes(StandardCharsets.UTF_8);
        var all = bytes.array();
        next:
        for (int i = strings; i + wanted.length <= stringsEnd; i++) {
            if (all[i] != wanted[0] || (i > strings && all[i - 1] != 0)) continue;
            for (int j = 1; j < wanted.length; j++) if (all[i + j] != wanted[j]) continue next;
            return i - strings;
        }
        return -1;
    }

    private String string(int offset) {
        int start = strings + offset;
        int end = start;
        while (bytes.get(end) != 0) end++;
        return new String(bytes.array(), start, end - start, StandardCharsets.UTF_8);
    }
}
