package dev.spandrel.probe.live.facts;

import dev.spandrel.ebpf.dwarf.DebugInformation;
import dev.spandrel.ebpf.dwarf.Dwarf;
import dev.spandrel.ebpf.dwarf.Entry;
import dev.spandrel.ebpf.dwarf.Function;
import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Type;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Arguments of functions in executables and libraries, and the structs that they lead to, as debug information says. A struct's name has the file and the place in it: two files may mean different ones. */
final class UserTypes {
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    /** That carry numbers and pointers. What comes after them is on the stack, among other things. */
    private static final int REGISTERS = ARM ? 8 : 6;
    /** What is larger is returned where the caller says; the first register says where, but on arm64. */
    private static final int IN_REGISTERS = 16;

    private static final int DEEPEST = 32;
    private static final Type BYTE = new Type.Int(1, false);

    private final Map<String, SoftReference<DebugInformation>> known = new HashMap<>();

    private enum Passed {
        BY_NUMBER,
        BY_FLOAT,
        UNKNOWN
    }

    /** Whether a struct's name is of these. */
    static boolean names(String struct) {
        return struct.endsWith(">") && struct.contains(" <");
    }

    /** Those whose registers are certain, each at 8 bytes for each register that carries numbers; a list ends before what is passed in another way. */
    List<Layout.Member> arguments(String path, long address) {
        return information(path)
                .flatMap(info -> info.function(address))
                .map(function -> arguments(path, function))
                .orElse(List.of());
    }

    private List<Layout.Member> arguments(String path, Function function) {
        var members = new ArrayList<Layout.Member>();
        var hidden = hidden(function);
        if (hidden.isEmpty()) return members;
        long register = hidden.getAsLong();
        for (var parameter : function.parameters()) {
            switch (passed(parameter.type())) {
                case BY_FLOAT -> {}
                case UNKNOWN -> register = REGISTERS;
                case BY_NUMBER -> {
                    if (register < REGISTERS && !parameter.name().isEmpty())
                        members.add(new Layout.Member(
                                parameter.name(), type(path, parameter.type(), DEEPEST), (int) (8 * register)));
                    register++;
                }
            }
        }
        return List.copyOf(members);
    }

    /** How many registers the caller's place for the result takes; empty: nobody knows. */
    private static OptionalLong hidden(Function function) {
        var result = function.result().flatMap(UserTypes::plain);
        if (result.isEmpty() || !isStruct(result.get().tag())) return OptionalLong.of(0);
        long size = result.get().number(Dwarf.BYTE_SIZE).orElse(0);
        if (size > IN_REGISTERS) return OptionalLong.of(ARM ? 0 : 1);
        // In C++ it depends on its constructors.
        return function.inC() ? OptionalLong.of(0) : OptionalLong.empty();
    }

    private static Passed passed(Optional<Entry> written) {
        var type = written.flatMap(UserTypes::plain);
        if (type.isEmpty()) return Passed.UNKNOWN;
        long size = type.get().number(Dwarf.BYTE_SIZE).orElse(8);
        return switch (type.get().tag()) {
            case Dwarf.POINTER, Dwarf.REFERENCE, Dwarf.RVALUE_REFERENCE -> Passed.BY_NUMBER;
            case Dwarf.ENUMERATION -> size <= 8 ? Passed.BY_NUMBER : Passed.UNKNOWN;
            case Dwarf.BASE -> isFloat(type.get()) ? Passed.BY_FLOAT : size <= 8 ? Passed.BY_NUMBER : Passed.UNKNOWN;
            default -> Passed.UNKNOWN;
        };
    }

    private static boolean isFloat(Entry base) {
        long encoding = base.number(Dwarf.ENCODING).orElse(0);
        return encoding == Dwarf.FLOAT || encoding == Dwarf.COMPLEX_FLOAT || encoding == Dwarf.DECIMAL_FLOAT;
    }

    private static boolean isStruct(int tag) {
        return tag == Dwarf.STRUCTURE || tag == Dwarf.CLASS || tag == Dwarf.UNION;
    }

    /** Without its other names and qualifiers; empty: void, or it cannot be read. */
    private static Optional<Entry> plain(Entry written) {
        Optional<Entry> at = Optional.of(written);
        for (int i = 0; i < DEEPEST && at.isPresent(); i++) {
            switch (at.get().tag()) {
                case Dwarf.TYPEDEF, Dwarf.CONST, Dwarf.VOLATILE, Dwarf.RESTRICT, Dwarf.ATOMIC ->
                    at = at.get().reference(Dwarf.TYPE);
                default -> {
                    return at;
                }
            }
        }
        return Optional.empty();
    }

    private static Type type(String path, Optional<Entry> written, int deepest) {
        var plain = written.flatMap(UserTypes::plain);
        if (plain.isEmpty() || deepest == 0) return BYTE;
        var type = plain.get();
        return switch (type.tag()) {
            case Dwarf.BASE -> base(type);
            case Dwarf.ENUMERATION -> {
                var of = type.reference(Dwarf.TYPE).flatMap(UserTypes::plain);
                yield new Type.Int(size(type, 4), of.isPresent() && isSigned(of.get()));
            }
            case Dwarf.POINTER, Dwarf.REFERENCE, Dwarf.RVALUE_REFERENCE ->
                new Type.Pointer(type(path, type.reference(Dwarf.TYPE), deepest - 1), true);
            case Dwarf.STRUCTURE, Dwarf.CLASS, Dwarf.UNION ->
                new Type.Struct("%s %s <%s:%x>"
                        .formatted(type.tag() == Dwarf.UNION ? "union" : "struct", type.name(), path, type.offset()));
            case Dwarf.ARRAY -> array(path, type, deepest);
            default -> BYTE;
        };
    }

    /** What is no number of a register's size is its bytes. */
    private static Type base(Entry type) {
        int size = size(type, 1);
        if (type.name().equals("char")) return new Type.Int(1, true);
        return isFloat(type) || size > 8 ? new Type.Array(BYTE, size) : new Type.Int(size, isSigned(type));
    }

    private static int size(Entry type, int otherwise) {
        long size = type.number(Dwarf.BYTE_SIZE).orElse(otherwise);
        return size > 0 && size <= 64 ? (int) size : otherwise;
    }

    private static boolean isSigned(Entry base) {
        long encoding = base.number(Dwarf.ENCODING).orElse(0);
        return encoding == Dwarf.SIGNED || encoding == Dwarf.SIGNED_CHAR;
    }

    private static Type array(String path, Entry type, int deepest) {
        Type built = type(path, type.reference(Dwarf.TYPE), deepest - 1);
        var ranges = type.children().stream()
                .filter(one -> one.tag() == Dwarf.SUBRANGE)
                .toList()
                .reversed();
        for (var range : ranges) {
            var bound = range.number(Dwarf.UPPER_BOUND);
            long count = range.number(Dwarf.COUNT).orElse(bound.isPresent() ? bound.getAsLong() + 1 : 0);
            built = new Type.Array(built, (int) Math.clamp(count, 0, 1 << 20));
        }
        return built;
    }

    /** Of a name that {@link #names} knows. */
    Optional<Layout> layout(String struct) {
        int start = struct.lastIndexOf(" <");
        int colon = struct.lastIndexOf(':');
        if (start < 0 || colon < start) return Optional.empty();
        String path = struct.substring(start + 2, colon);
        long offset = Long.parseUnsignedLong(struct.substring(colon + 1, struct.length() - 1), 16);
        return information(path)
                .flatMap(info -> info.entry(offset))
                .filter(type -> !type.is(Dwarf.DECLARATION))
                .map(type -> {
                    var members = new LinkedHashMap<String, Layout.Member>();
                    add(path, members, type, 0, DEEPEST);
                    return new Layout(struct, (int) type.number(Dwarf.BYTE_SIZE).orElse(0), members);
                });
    }

    /** Members of base classes and of unnamed structs count as its own. */
    private static void add(String path, Map<String, Layout.Member> members, Entry struct, long base, int deepest) {
        if (deepest == 0) return;
        for (var one : struct.children()) {
            var offset = one.memberOffset();
            boolean member = one.tag() == Dwarf.MEMBER && !one.is(Dwarf.EXTERNAL) && !one.is(Dwarf.DECLARATION);
            if (!member && one.tag() != Dwarf.INHERITANCE || offset.isEmpty()) continue;
            long at = base + offset.getAsLong();
            if (member && !one.name().isEmpty())
                member(path, one, at, base).ifPresent(m -> members.putIfAbsent(m.name(), m));
            else
                one.reference(Dwarf.TYPE)
                        .flatMap(UserTypes::plain)
                        .filter(inner -> isStruct(inner.tag()))
                        .ifPresent(inner -> add(path, members, inner, at, deepest - 1));
        }
    }

    /** Empty: a bit field that is in more bytes than its type has. */
    private static Optional<Layout.Member> member(String path, Entry one, long at, long base) {
        var type = type(path, one.reference(Dwarf.TYPE), DEEPEST);
        int bits = (int) one.number(Dwarf.BIT_SIZE).orElse(0);
        if (bits == 0) return Optional.of(new Layout.Member(one.name(), type, Math.toIntExact(at)));
        int size = type instanceof Type.Int(int bytes, var _) ? bytes : 4;
        var counted = one.number(Dwarf.BIT_OFFSET);
        long bit = counted.isPresent()
                ? 8 * at + 8 * one.number(Dwarf.BYTE_SIZE).orElse(size) - counted.getAsLong() - bits
                : 8 * base + one.number(Dwarf.DATA_BIT_OFFSET).orElse(8 * (at - base));
        int start = Math.toIntExact(bit / (8 * size) * size);
        int shift = (int) (bit - 8L * start);
        return shift + bits > 8 * size
                ? Optional.empty()
                : Optional.of(new Layout.Member(one.name(), type, start, shift, bits));
    }

    private synchronized Optional<DebugInformation> information(String path) {
        var before = known.get(path);
        var found = before == null ? null : before.get();
        if (found != null) return Optional.of(found);
        if (!(ElfFile.open(Path.of(path)) instanceof ElfFile.Opened.Elf(var elf))) return Optional.empty();
        var read = DebugInformation.of(elf);
        read.ifPresent(info -> known.put(path, new SoftReference<>(info)));
        return read;
    }
}
