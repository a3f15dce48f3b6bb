package dev.spandrel.probe.live.facts;

import dev.spandrel.probe.live.facts.BtfReader.Entry;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernel's types, as the language has them. */
final class KernelTypes {
    private static final String UNNAMED = "unnamed #";
    private static final String TRACEPOINT = "btf_trace_";

    private static final String ITERATOR = "bpf_iter__";

    private final BtfReader btf;
    private final Map<String, Optional<Layout>> layouts = new HashMap<>();

    KernelTypes(BtfReader btf) {
        this.btf = btf;
    }

    Optional<Type> named(String name) {
        return find(name).map(this::type);
    }

    private Optional<Integer> find(String name) {
        if (name.startsWith(UNNAMED)) return Optional.of(Integer.parseInt(name.substring(UNNAMED.length())));
        if (name.startsWith("struct ")) return btf.find(name.substring(7), kind -> kind == BtfReader.STRUCT);
        if (name.startsWith("union ")) return btf.find(name.substring(6), kind -> kind == BtfReader.UNION);
        if (name.startsWith("enum "))
            return btf.find(name.substring(5), kind -> kind == BtfReader.ENUM || kind == BtfReader.ENUM64);
        return btf.find(name, kind -> kind == BtfReader.TYPEDEF)
                .or(() -> btf.find(name, kind -> kind == BtfReader.STRUCT));
    }

    Type type(int id) {
        return switch (btf.kind(id)) {
            case BtfReader.INT ->
                new Type.Int(
                        Math.min(8, btf.size(id)),
                        (btf.encoding(id) & 1) != 0 || btf.name(id).equals("char"));
            case BtfReader.ENUM, BtfReader.ENUM64 -> new Type.Int(btf.size(id), btf.signedEnum(id));
            case BtfReader.POINTER -> new Type.Pointer(type(btf.target(id)), false);
            case BtfReader.ARRAY -> new Type.Array(type(btf.elementType(id)), btf.elements(id));
            case BtfReader.STRUCT -> new Type.Struct(btf.name(id).isEmpty() ? UNNAMED + id : "struct " + btf.name(id));
            case BtfReader.UNION -> new Type.Struct(btf.name(id).isEmpty() ? UNNAMED + id : "union " + btf.name(id));
            case BtfReader.FORWARD -> new Type.Struct("struct " + btf.name(id));
            case BtfReader.TYPEDEF, BtfReader.VOLATILE, BtfReader.CONST, BtfReader.RESTRICT, BtfReader.TYPE_TAG ->
                type(btf.target(id));
            default -> new Type.Int(1, false);
        };
    }

    Optional<Layout> layout(String name) {
        return layouts.computeIfAbsent(
                name,
                n -> find(n).flatMap(this::resolved).map(id -> {
                    var members = new LinkedHashMap<String, Layout.Member>();
                    add(members, id, 0);
                    return new Layout(n, btf.size(id), members);
                }));
    }

    private Optional<Integer> resolved(int id) {
        int at = id;
        while (btf.kind(at) == BtfReader.TYPEDEF || btf.kind(at) == BtfReader.CONST) at = btf.target(at);
        return btf.kind(at) == BtfReader.STRUCT || btf.kind(at) == BtfReader.UNION ? Optional.of(at) : Optional.empty();
    }

    private void add(Map<String, Layout.Member> members, int struct, int base) {
        for (Entry entry : btf.members(struct)) {
            int offset = base + entry.bitOffset() / 8;
            if (entry.name().isEmpty()) resolved(entry.type()).ifPresent(inner -> add(members, inner, offset));
            else members.putIfAbsent(entry.name(), member(entry, base));
        }
    }

    /** A bit field is read in as many bytes as its type has. */
    private Layout.Member member(Entry entry, int base) {
        var type = type(entry.type());
        int bit = entry.bitOffset();
        if (entry.bits() == 0) return new Layout.Member(entry.name(), type, base + bit / 8);
        int size = type instanceof Type.Int(int bytes, var _) ? bytes : 4;
        int start = bit / (8 * size) * size;
        return new Layout.Member(entry.name(), type, base + start, bit - 8 * start, entry.bits());
    }

    Optional<Long> constant(String name) {
        return btf.constant(name);
    }

    List<String> structs() {
        var names = new ArrayList<String>();
        for (String name : btf.names(kind -> kind == BtfReader.STRUCT)) names.add("struct " + name);
        return names;
    }

    /** What tells the kernel which tracepoint a typed program is for. */
    Optional<Integer> tracepointId(String name) {
        return btf.find(TRACEPOINT + name, kind -> kind == BtfReader.TYPEDEF);
    }

    List<String> tracepoints() {
        return btf.names(kind -> kind == BtfReader.TYPEDEF).stream()
                .filter(n -> n.startsWith(TRACEPOINT))
                .map(n -> n.substring(TRACEPOINT.length()))
                .sorted()
                .toList();
    }

    /** The first parameter is the kernel's own; names are those of the function that calls the attached ones. */
    Optional<List<Layout.Member>> arguments(String tracepoint) {
        var named = btf.find("__traceiter_" + tracepoint, kind -> kind == BtfReader.FUNC)
                .map(btf::target);
        var prototype = named.or(() -> tracepointId(tracepoint).map(btf::target).map(btf::target));
        return prototype.map(id -> {
            var arguments = new ArrayList<Layout.Member>();
            var parameters = btf.parameters(id);
            for (int i = 1; i < parameters.size(); i++) {
                String name = parameters.get(i).name();
                arguments.add(new Layout.Member(
                        name.isEmpty() ? "arg" + (i - 1) : name,
                        type(parameters.get(i).type()),
                        8 * (i - 1)));
            }
            return List.copyOf(arguments);
        });
    }

    /** Those that have both a type to be called with and a function to attach to. */
    List<String> iterators() {
        return btf.names(kind -> kind == BtfReader.STRUCT).stream()
                .filter(n -> n.startsWith(ITERATOR))
                .map(n -> n.substring(ITERATOR.length()))
                .filter(n -> functionId("bpf_iter_" + n).isPresent())
                .sorted()
                .toList();
    }

    Optional<Integer> functionId(String name) {
        return btf.find(name, kind -> kind == BtfReader.FUNC);
    }

    /** Parameters, and what it returns behind them. */
    Optional<List<Layout.Member>> function(String name) {
        return functionId(name).map(btf::target).map(prototype -> {
            var members = new ArrayList<Layout.Member>();
            for (var parameter : btf.parameters(prototype))
                members.add(new Layout.Member(parameter.name(), type(parameter.type()), 8 * members.size()));
            int result = btf.target(prototype);
            Type returned = result == 0 ? new Type.Int(8, true) : type(result);
            members.add(new Layout.Member("retval", returned, 8 * members.size()));
            return List.copyOf(members);
        });
    }
}
