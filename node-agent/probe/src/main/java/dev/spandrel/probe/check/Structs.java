package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program;
import dev.spandrel.probe.syntax.TypeName;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Facts;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Types by name: the language's, the program's own structs, then the kernel's. */
public final class Structs {
    private static final Map<String, Type> NAMED = names();

    private final Facts facts;
    private final Map<String, Layout> own = new LinkedHashMap<>();
    private final Map<String, TypeName> aliases;
    private final Map<String, Long> constants;

    Structs(Program program, Facts facts, Diagnostics diagnostics) {
        this.facts = facts;
        aliases = program.types().aliases();
        constants = program.types().constants();
        for (var definition : program.types().structs()) {
            var layout = layOut(definition, diagnostics);
            own.put((definition.union() ? "union " : "struct ") + definition.name(), layout);
        }
    }

    /** Of the program's own enums. */
    Optional<Long> constant(String name) {
        return Optional.ofNullable(constants.get(name));
    }

    public int cpus() {
        return facts.cpus();
    }

    private static Map<String, Type> names() {
        var names = new HashMap<String, Type>();
        for (int bits : new int[] {8, 16, 32, 64}) {
            names.put("int" + bits, new Type.Int(bits / 8, true));
            names.put("uint" + bits, new Type.Int(bits / 8, false));
            names.put("int" + bits + "_t", new Type.Int(bits / 8, true));
            names.put("uint" + bits + "_t", new Type.Int(bits / 8, false));
            for (String prefix : List.of("", "__")) {
                names.put(prefix + "u" + bits, new Type.Int(bits / 8, false));
                names.put(prefix + "s" + bits, new Type.Int(bits / 8, true));
            }
        }
        names.put("bool", new Type.Int(1, false));
        names.put("char", new Type.Int(1, true));
        names.put("void", new Type.Int(1, false));
        names.put("short", new Type.Int(2, true));
        names.put("unsigned short", new Type.Int(2, false));
        names.put("unsigned char", new Type.Int(1, false));
        names.put("signed char", new Type.Int(1, true));
        names.put("int", new Type.Int(4, true));
        names.put("unsigned int", new Type.Int(4, false));
        names.put("unsigned", new Type.Int(4, false));
        for (String wide : List.of("long", "long int", "long long", "long long int")) {
            names.put(wide, Type.INT64);
            names.put("unsigned " + wide, Type.UINT64);
        }
        names.put("long unsigned int", Type.UINT64);
        names.put("size_t", Type.UINT64);
        names.put("ssize_t", Type.INT64);
        names.put("pid_t", new Type.Int(4, true));
        names.put("ksym_t", new Type.Symbol(true));
        names.put("usym_t", new Type.Symbol(false));
        names.put("count_t", new Aggregate.Count());
        return Map.copyOf(names);
    }

    /** Empty: there is no such type. */
    public Optional<Type> resolve(TypeName name, boolean user) {
        Optional<Type> named = base(name.name(), name.dimensions());
        if (name.name().equals("string")) return named;
        return named.map(type -> {
            Type built = type;
            for (int i = 0; i < name.pointers(); i++) built = new Type.Pointer(built, user);
            for (int i = name.dimensions().size() - 1; i >= 0; i--)
                built = new Type.Array(built, name.dimensions().get(i));
            return built;
        });
    }

    private Optional<Type> base(String name, List<Integer> dimensions) {
        if (name.equals("string")) return Optional.of(new Type.Text(dimensions.isEmpty() ? 64 : dimensions.getFirst()));
        var alias = aliases.get(name);
        if (alias != null) return resolve(alias, false);
        var known = NAMED.get(name);
        if (known != null) return Optional.of(known);
        if (own.containsKey(name)) return Optional.of(new Type.Struct(name));
        if (own.containsKey("struct " + name)) return Optional.of(new Type.Struct("struct " + name));
        return facts.type(name);
    }

    public Optional<Layout> layout(String struct) {
        var known = own.get(struct);
        return known != null ? Optional.of(known) : facts.layout(struct);
    }

    List<String> names(String kind) {
        var all = new ArrayList<>(own.keySet());
        all.addAll(facts.structs());
        return all.stream().filter(n -> n.startsWith(kind)).toList();
    }

    /** Bytes in memory. */
    public int size(Type type) {
        return switch (type) {
            case Type.Struct(var name) -> layout(name).map(Layout::size).orElse(0);
            case Type.Array(Type element, int count) -> size(element) * count;
            default -> Type.natural(type);
        };
    }

    private int alignment(Type type) {
        return switch (type) {
            case Type.Struct(var name) ->
                layout(name)
                        .map(l -> l.members().values().stream()
                                .mapToInt(m -> alignment(m.type()))
                                .max()
                                .orElse(1))
                        .orElse(1);
            case Type.Array(Type element, var _) -> alignment(element);
            case Type.Text _ -> 1;
            default -> Type.natural(type);
        };
    }

    private Layout layOut(Program.StructDefinition definition, Diagnostics diagnostics) {
        var members = new LinkedHashMap<String, Layout.Member>();
        String self = (definition.union() ? "union " : "struct ") + definition.name();
        int end = 0;
        int widest = 1;
        for (var member : definition.members()) {
            var type = member.type().name().equals(self) && member.type().pointers() > 0
                    ? Optional.<Type>of(new Type.Pointer(new Type.Struct(self), false))
                    : member.type().pointers() > 0 && !known(member.type())
                            ? Optional.<Type>of(new Type.Pointer(new Type.Int(1, false), false))
                            : resolve(member.type(), false);
            if (type.isEmpty()) {
                diagnostics.error(
                        member.type().span(),
                        "there is no type '" + member.type().name() + "'");
                continue;
            }
            Type found = asText(type.get());
            int alignment = Math.max(1, alignment(found));
            int at = definition.union() ? 0 : (end + alignment - 1) / alignment * alignment;
            members.put(member.name(), new Layout.Member(member.name(), found, at));
            end = Math.max(end, at + size(found));
            widest = Math.max(widest, alignment);
        }
        return new Layout(self, (end + widest - 1) / widest * widest, members);
    }

    private boolean known(TypeName name) {
        return base(name.name(), List.of()).isPresent();
    }

    /** An array of char is a string. */
    public static Type asText(Type type) {
        return type instanceof Type.Array(Type.Int(int size, boolean signed), int count)
                        && size == 1
                        && signed
                        && count > 0
                ? new Type.Text(count)
                : type;
    }
}
