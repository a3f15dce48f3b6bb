package dev.spandrel.probe.syntax;

import dev.spandrel.probe.syntax.Program.MacroDefinition;
import dev.spandrel.probe.syntax.Program.MapDeclaration;
import dev.spandrel.probe.syntax.Program.Probe;
import dev.spandrel.probe.syntax.Program.Setting;
import dev.spandrel.probe.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a whole program. After an error it goes on behind the block in which it stands, so one run finds all. */
public final class Parser {
    private static final List<String> KINDS = List.of("hash", "lruhash", "percpuhash", "percpulruhash");
    private static final int MOST_KEYS = 1 << 20;

    private final Tokens tokens;
    private final Types types;
    private final Expressions expressions;
    private final Statements statements;
    private final List<Setting> config = new ArrayList<>();
    private final Definitions definitions;
    private final List<MacroDefinition> macros = new ArrayList<>();
    private final Map<String, MapDeclaration> declarations = new LinkedHashMap<>();
    private final List<Probe> probes = new ArrayList<>();

    private Parser(Preprocessor.Result text, Diagnostics diagnostics) {
        tokens = new Tokens(text.text(), text.defines(), diagnostics);
        types = new Types(tokens);
        definitions = new Definitions(tokens, types);
        expressions = new Expressions(tokens, types, this::blockValue);
        statements = new Statements(tokens, types, expressions);
    }

    public static Program parse(Source source, Diagnostics diagnostics) {
        var parser = new Parser(Preprocessor.run(source.text()), diagnostics);
        parser.program();
        if (parser.probes.isEmpty() && !diagnostics.failed())
            diagnostics.error(
                    Span.NONE, "the program has no probe", "write one, such as: BEGIN { printf(\"hello\\n\") }");
        var program = new Program(
                List.copyOf(parser.config),
                parser.definitions.found(),
                List.copyOf(parser.macros),
                Map.copyOf(parser.declarations),
                List.copyOf(parser.probes));
        return Macros.expand(program, diagnostics);
    }

    /** Definitions alone, without what they call put into them. */
    static List<MacroDefinition> macros(String text) {
        var diagnostics = new Diagnostics();
        var parser = new Parser(Preprocessor.run(text), diagnostics);
        parser.program();
        if (diagnostics.failed())
            throw new IllegalStateException(diagnostics.all().toString());
        return List.copyOf(parser.macros);
    }

    private void program() {
        while (tokens.peek().kind() != Kind.END) {
            int before = tokens.mark();
            try {
                item();
            } catch (Tokens.Unreadable e) {
                recover(before);
            }
        }
    }

    private void item() {
        var first = tokens.peek();
        if (tokens.accept(";")) return;
        if (first.isWord("config")) config();
        else if (definitions.ahead()) definitions.read();
        else if (first.isWord("let")) declaration();
        else if (first.isWord("macro")) macro();
        else if (first.isWord("import")) imported();
        else probe();
    }

    private Statement.Block blockValue() {
        return statements.block("the value");
    }

    /** let @name = lruhash(100); says how many keys there is room for. */
    private void declaration() {
        tokens.take();
        var map = tokens.expect(Kind.MAP, "a map to declare");
        tokens.expect("=", "after the map");
        var kind = tokens.expect(Kind.IDENT, "a kind of map");
        tokens.expect("(", "after the kind of map");
        var keys = tokens.expect(Kind.NUMBER, "how many keys there is room for");
        tokens.expect(")", "after the number");
        if (!KINDS.contains(kind.text()))
            tokens.diagnostics.error(
                    kind.span(),
                    "there is no kind of map '" + kind.text() + "'",
                    "kinds are " + String.join(", ", KINDS));
        else if (keys.value() < 1 || keys.value() > MOST_KEYS)
            tokens.diagnostics.error(keys.span(), "a map has room for 1 to " + MOST_KEYS + " keys");
        else
            declarations.put(
                    map.text(),
                    new MapDeclaration((int) keys.value(), kind.text().contains("lru")));
    }

    private void probe() {
        name();
        var points = new AttachPoints(tokens).list();
        Optional<Expr> predicate = Optional.empty();
        if (tokens.peek().is("/")) {
            tokens.take();
            predicate = Optional.of(expressions.expression());
            tokens.expect(Kind.END_PREDICATE, "'/' and a block after the predicate");
        }
        probes.add(new Probe(points, predicate, statements.block("the probe")));
    }

    /** name=probe: it is read, and says nothing. */
    private void name() {
        if (tokens.peek().kind() != Kind.IDENT) return;
        int before = tokens.mark();
        tokens.take();
        if (!tokens.accept("=")) tokens.reset(before);
    }

    private void config() {
        tokens.take();
        tokens.accept("=");
        tokens.expect("{", "to open config");
        while (!tokens.accept("}")) {
            if (tokens.accept(";") || tokens.accept(",")) continue;
            var name = tokens.expect(Kind.IDENT, "the name of a setting");
            tokens.expect("=", "after the setting's name");
            var value = tokens.take();
            if (value.kind() != Kind.IDENT && value.kind() != Kind.NUMBER && value.kind() != Kind.STRING)
                throw tokens.expected("the setting's value");
            config.add(new Setting(name.span().to(value.span()), name.text(), value.text()));
        }
    }

    /** A program is one text: that of a ProbeSet has no files beside it. */
    private void imported() {
        var start = tokens.take().span();
        var file = tokens.expect(Kind.STRING, "what to import");
        tokens.diagnostics.error(
                start.to(file.span()), "import: no other files are read", "write its macros into this program");
    }

    private void macro() {
        var start = tokens.take().span();
        var name = tokens.expect(Kind.IDENT, "the macro's name").text();
        tokens.expect("(", "after the macro's name");
        var parameters = new ArrayList<String>();
        while (!tokens.accept(")")) {
            var parameter = tokens.take();
            if (parameter.kind() == Kind.END) throw tokens.expected("')'");
            if (!parameter.is(",")) parameters.add(parameter.text());
        }
        macros.add(new MacroDefinition(
                start.to(tokens.last()), name, List.copyOf(parameters), statements.block("the macro")));
    }

    /** Behind the block that the unreadable item opened, or to the end. */
    private void recover(int from) {
        tokens.reset(from);
        int depth = 0;
        while (tokens.peek().kind() != Kind.END) {
            var token = tokens.take();
            if (token.is("{")) depth++;
            if (token.is("}") && --depth <= 0) return;
        }
    }
}
