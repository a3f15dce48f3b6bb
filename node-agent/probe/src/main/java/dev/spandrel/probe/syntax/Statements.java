package dev.spandrel.probe.syntax;

import dev.spandrel.probe.syntax.Statement.Block;
import dev.spandrel.probe.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads blocks and statements. */
final class Statements {
    private static final List<String> COMPOUND = List.of("+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=");

    private final Tokens tokens;
    private final Types types;
    private final Expressions expressions;

    Statements(Tokens tokens, Types types, Expressions expressions) {
        this.tokens = tokens;
        this.types = types;
        this.expressions = expressions;
    }

    Block block(String of) {
        var start = tokens.expect("{", "to open the block of " + of).span();
        var statements = new ArrayList<Statement>();
        while (!tokens.peek().is("}")) {
            if (tokens.accept(";")) continue;
            if (tokens.peek().kind() == Kind.END) {
                tokens.diagnostics.error(start, "this block is never closed", "add '}' where it ends");
                throw new Tokens.Unreadable();
            }
            statements.add(statement());
        }
        tokens.take();
        return new Block(start.to(tokens.last()), statements);
    }

    private Statement statement() {
        var first = tokens.peek();
        if (first.is("{")) return block("the statement");
        if (first.kind() == Kind.IDENT)
            switch (first.text()) {
                case "if" -> {
                    return conditional();
                }
                case "while" -> {
                    tokens.take();
                    tokens.expect("(", "after while");
                    var condition = expressions.expression();
                    tokens.expect(")", "after the condition");
                    var body = block("while");
                    return new Statement.While(first.span().to(tokens.last()), condition, body);
                }
                case "unroll" -> {
                    tokens.take();
                    tokens.expect("(", "after unroll");
                    var times = expressions.expression();
                    tokens.expect(")", "after the number of times");
                    var body = block("unroll");
                    return new Statement.Unroll(first.span().to(tokens.last()), times, body);
                }
                case "for" -> {
                    return loop();
                }
                case "let" -> {
                    return declaration();
                }
                case "break", "continue", "return" -> {
                    tokens.take();
                    ended();
                    return new Statement.Jump(
                            first.span(),
                            Statement.Jump.Kind.valueOf(first.text().toUpperCase(java.util.Locale.ROOT)));
                }
                default -> {}
            }
        return simple();
    }

    private Statement conditional() {
        var start = tokens.take().span();
        tokens.expect("(", "after if");
        var condition = expressions.expression();
        tokens.expect(")", "after the condition");
        var yes = block("if");
        Optional<Block> no = Optional.empty();
        if (tokens.acceptWord("else")) {
            if (tokens.peek().isWord("if")) {
                var nested = conditional();
                no = Optional.of(new Block(nested.span(), List.of(nested)));
            } else no = Optional.of(block("else"));
        }
        return new Statement.If(start.to(tokens.last()), condition, yes, no);
    }

    private Statement loop() {
        var start = tokens.take().span();
        boolean closed = tokens.accept("(");
        var variable = tokens.expect(Kind.VARIABLE, "a variable after for").text();
        tokens.expect(":", "after the variable");
        Statement.ForMap map = null;
        Expr from = null;
        Expr to = null;
        if (tokens.peek().kind() == Kind.MAP) {
            var over = expressions.map();
            if (over.keys().isEmpty())
                map = new Statement.ForMap(start, variable, over.name(), new Block(start, List.of()));
            else from = over;
        } else from = expressions.expression();
        if (from != null) {
            tokens.expect("..", "between the range's ends");
            to = expressions.expression();
        }
        if (closed) tokens.expect(")", "after what for goes through");
        var body = block("for");
        var span = start.to(tokens.last());
        if (map != null) return new Statement.ForMap(span, variable, map.map(), body);
        return new Statement.ForRange(
                span, variable, java.util.Objects.requireNonNull(from), java.util.Objects.requireNonNull(to), body);
    }

    private Statement declaration() {
        var start = tokens.take().span();
        var variable = tokens.expect(Kind.VARIABLE, "a variable after let").text();
        Optional<TypeName> type = tokens.accept(":") ? Optional.of(types.type()) : Optional.empty();
        Optional<Expr> value = tokens.accept("=") ? Optional.of(expressions.expression()) : Optional.empty();
        ended();
        return new Statement.Declare(start.to(tokens.last()), variable, type, value);
    }

    private Statement simple() {
        var target = expressions.expression();
        if (tokens.peek().is("=") || COMPOUND.contains(tokens.peek().text())) {
            String operator = tokens.take().text();
            var value = expressions.expression();
            ended();
            if (target instanceof Expr.Name(var _, var name) && name.equals("_"))
                return new Statement.Evaluate(value.span(), value);
            return new Statement.Assign(
                    target.span().to(value.span()), target, operator.substring(0, operator.length() - 1), value);
        }
        ended();
        return new Statement.Evaluate(target.span(), target);
    }

    /** Statements end with a semicolon; the last one of a block may do without. */
    private void ended() {
        if (!tokens.accept(";") && !tokens.peek().is("}")) throw tokens.expected("';' after the statement");
    }
}
