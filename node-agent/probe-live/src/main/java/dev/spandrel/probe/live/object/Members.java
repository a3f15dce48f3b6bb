package dev.spandrel.probe.live.object;

import dev.spandrel.probe.live.facts.ObjectTypes;
import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Members of an object's structs that become attributes: numbers and text. */
final class Members {
    /** Says whose the struct is. */
    static final String OWNER = "cgroup_id";

    /**
     * @param cgroup whose it is; 0: it does not say
     * @param attributes numbers are {@link Long}, all else is text
     */
    record Values(long cgroup, SortedMap<String, Object> attributes) {}

    private Members() {}

    /** Of a struct, or of a plain value, which is called {@code key}. Empty: one is of a type that is not read. */
    static Optional<List<Layout.Member>> of(Type type, ObjectTypes types) {
        List<Layout.Member> members = type instanceof Type.Struct(var name)
                ? types.layout(name)
                        .map(all -> List.copyOf(all.members().values()))
                        .orElse(List.of())
                : List.of(new Layout.Member("key", type, 0));
        boolean known = !members.isEmpty() && members.stream().allMatch(one -> one.bits() == 0 && isShown(one.type()));
        return known ? Optional.of(members) : Optional.empty();
    }

    private static boolean isShown(Type type) {
        return type instanceof Type.Int
                || type instanceof Type.Array(Type.Int(int size, boolean _), int _) && size == 1;
    }

    static Values read(List<Layout.Member> members, byte[] content) {
        ByteBuffer bytes = Bytes.of(content);
        var attributes = new TreeMap<String, Object>();
        long cgroup = 0;
        for (Layout.Member member : members) {
            Object value = value(member.type(), bytes, member.offset());
            if (member.name().equals(OWNER) && value instanceof Long id) cgroup = id;
            else attributes.put(member.name(), value);
        }
        return new Values(cgroup, attributes);
    }

    private static Object value(Type type, ByteBuffer bytes, int at) {
        return switch (type) {
            case Type.Int(int size, boolean signed) -> number(bytes, at, size, signed);
            case Type.Array(Type _, int count) -> text(bytes, at, count);
            default -> "";
        };
    }

    private static Long number(ByteBuffer bytes, int at, int size, boolean signed) {
        return switch (size) {
            case 1 -> signed ? (long) bytes.get(at) : bytes.get(at) & 0xffL;
            case 2 -> signed ? (long) bytes.getShort(at) : bytes.getShort(at) & 0xffffL;
            case 4 -> signed ? (long) bytes.getInt(at) : bytes.getInt(at) & 0xffffffffL;
            default -> bytes.getLong(at);
        };
    }

    private static String text(ByteBuffer bytes, int at, int most) {
        int length = 0;
        while (length < most && bytes.get(at + length) != 0) length++;
        return new String(bytes.array(), at, length, StandardCharsets.UTF_8);
    }
}
