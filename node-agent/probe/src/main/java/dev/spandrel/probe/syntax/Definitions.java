package dev.spandrel.probe.syntax;

import dev.spandrel.probe.syntax.Program.Member;
import dev.spandrel.probe.syntax.Program.StructDefinition;
import dev.spandrel.probe.syntax.Program.TypeDefinitions;
import dev.spandrel.probe.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what C programs define before they begin: structs, unions, enums and other names for types. */
final class Definitions {
    private final Tokens tokens;
    private final Types types;
    private final List<StructDefinition> structs = new ArrayList<>();
    private final Map<String, TypeName> aliases = new LinkedHashMap<>();
    private final Map<String, Long> constants = new LinkedHashMap<>();

    Definitions(Tokens tokens, Types types) {
        this.tokens = tokens;
        this.types = types;
    }

    TypeDefinitions found() {
        return new TypeDefinitions(List.copyOf(structs), Map.copyOf(aliases), Map.copyOf(constants));
    }

    boolean ahead() {
        var first = tokens.peek();
        return first.isWord("struct") || first.isWord("union") || first.isWord("enum") || first.isWord("typedef");
    }

    void read() {
        if (tokens.acceptWord("typedef")) alias();
        else {
            tagged(Optional.empty());
            tokens.accept(";");
        }
    }

    /** typedef struct x {…} name; typedef int name; */
    private void alias() {
        var start = tokens.peek().span();
        int before = tokens.mark();
        boolean defines = ahead() && definesHere();
        tokens.reset(before);
        var type = defines ? tagged(Optional.of("of line " + start.start())) : types.type();
        int pointers = type.pointers();
        while (tokens.accept("*")) pointers++;
        var name = tokens.expect(Kind.IDENT, "the new name of the type").text();
        var dimensions = new ArrayList<>(type.dimensions());
        dimensions.addAll(types.dimensions());
        tokens.expect(";", "after the type's name");
        types.defined(name);
        aliases.put(name, new TypeName(type.span(), type.name(), pointers, List.copyOf(dimensions)));
    }

    private boolean definesHere() {
        tokens.take();
        if (tokens.peek().kind() == Kind.IDENT) tokens.take();
        return tokens.peek().is("{");
    }

    private TypeName tagged(Optional<String> unnamed) {
        var tag = tokens.take();
        String name = tokens.peek().is("{") && unnamed.isPresent()
                ? unnamed.get()
                : tokens.expect(Kind.IDENT, "the name of the " + tag.text()).text();
        tokens.expect("{", "to open the " + tag.text());
        var span = tag.span().to(tokens.last());
        if (tag.isWord("enum")) constants();
        else structs.add(new StructDefinition(span, name, tag.isWord("union"), members()));
        String known = tag.isWord("enum") ? "uint32" : tag.text() + " " + name;
        if (tag.isWord("enum")) aliases.put("enum " + name, new TypeName(span, known, 0, List.of()));
        return new TypeName(span, known, 0, List.of());
    }

    private void constants() {
        long next = 0;
        while (!tokens.accept("}")) {
            var name = tokens.expect(Kind.IDENT, "a constant's name").text();
            if (tokens.accept("=")) {
                boolean negative = tokens.accept("-");
                long value = tokens.expect(Kind.NUMBER, "the constant's value").value();
                next = negative ? -value : value;
            }
            constants.put(name, next++);
            if (!tokens.peek().is("}")) tokens.expect(",", "between constants");
        }
    }

    private List<Member> members() {
        var members = new ArrayList<Member>();
        while (!tokens.accept("}")) {
            if (tokens.accept(";")) continue;
            var type = types.type();
            do {
                int pointers = type.pointers();
                while (tokens.accept("*")) pointers++;
                var member = tokens.expect(Kind.IDENT, "a member's name");
                if (tokens.peek().is(":"))
                    throw tokens.expected("';': bit fields cannot be written, only read from the kernel's types");
                members.add(new Member(
                        member.span(),
                        new TypeName(type.span(), type.name(), pointers, types.dimensions()),
                        member.text()));
            } while (tokens.accept(","));
            tokens.expect(";", "after the member");
        }
        return List.copyOf(members);
    }
}
