package dev.spandrel.probe.syntax;

import dev.spandrel.probe.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads expressions, by precedence climbing. */
final class Expressions {
    private static final List<List<String>> LEVELS = List.of(
            List.of("||"),
            List.of("&&"),
            List.of("|"),
            List.of("^"),
            List.of("&"),
            List.of("==", "!="),
            List.of("<", ">", "<=", ">="),
            List.of("<<", ">>"),
            List.of("+", "-"),
            List.of("*", "/", "%"));
    /** May be called, too, and mean the same. */
    /** Functions that are called with or without parentheses. */
    private static final Set<String> CALLED = Set.of("probetype", "has_cpid", "cpid");

    private static final Set<String> BUILT_IN = Set.of(
            "cgroup",
            "comm",
            "cpu",
            "curtask",
            "elapsed",
            "func",
            "gid",
            "jiffies",
            "ncpus",
            "numaid",
            "ppid",
            "probe",
            "rand",
            "retval",
            "uid",
            "usermode",
            "username");
    /** Deep enough for people; shallow enough for the stack. */
    private static final int DEEPEST = 200;

    private final Tokens tokens;
    private final Types types;
    private final Supplier<Statement.Block> blocks;
    private int depth;

    Expressions(Tokens tokens, Types types, Supplier<Statement.Block> blocks) {
        this.blocks = blocks;
        this.tokens = tokens;
        this.types = types;
    }

    Expr expression() {
        if (++depth > DEEPEST) {
            tokens.diagnostics.error(tokens.peek().span(), "expression is nested more than " + DEEPEST + " deep");
            throw new Tokens.Unreadable();
        }
        try {
            var condition = binary(0);
            if (!tokens.accept("?")) return condition;
            var yes = expression();
            tokens.expect(":", "between the two values of '?'");
            var no = expression();
            return new Expr.Ternary(condition.span().to(no.span()), condition, yes, no);
        } finally {
            depth--;
        }
    }

    private Expr binary(int level) {
        if (level == LEVELS.size()) return unary();
        var left = binary(level + 1);
        while (tokens.peek().kind() == Kind.SYMBOL
                && LEVELS.get(level).contains(tokens.peek().text())) {
            String operator = tokens.take().text();
            var right = binary(level + 1);
            left = new Expr.Binary(left.span().to(right.span()), operator, left, right);
        }
        return left;
    }

    private Expr unary() {
        var first = tokens.peek();
        if (first.kind() == Kind.SYMBOL)
            switch (first.text()) {
                case "!", "~", "-", "*", "&", "++", "--" -> {
                    tokens.take();
                    if (++depth > DEEPEST) throw tokens.expected("a simpler expression");
                    var operand = unary();
                    depth--;
                    return new Expr.Unary(first.span().to(operand.span()), first.text(), operand, false);
                }
                case "(" -> {
                    tokens.take();
                    var cast = types.cast();
                    if (cast.isPresent()) {
                        var operand = unary();
                        return new Expr.Cast(first.span().to(operand.span()), cast.get(), operand);
                    }
                    return postfix(group(first.span()));
                }
                default -> {}
            }
        return postfix(primary());
    }

    /** What follows an opening parenthesis: an expression or a tuple. */
    private Expr group(Span start) {
        if (tokens.accept(")")) return new Expr.Tuple(start.to(tokens.last()), List.of());
        var first = expression();
        if (tokens.accept(")")) return first;
        var parts = new ArrayList<Expr>(List.of(first));
        while (tokens.accept(",")) {
            if (tokens.peek().is(")")) break;
            parts.add(expression());
        }
        tokens.expect(")", "to close '('");
        return new Expr.Tuple(start.to(tokens.last()), parts);
    }

    private Expr postfix(Expr operand) {
        var found = operand;
        while (true) {
            var next = tokens.peek();
            if (next.is(".") || next.is("->")) {
                tokens.take();
                var name = tokens.peek();
                if (name.kind() == Kind.NUMBER) {
                    tokens.take();
                    found = new Expr.Part(found.span().to(name.span()), found, (int) name.value());
                } else {
                    tokens.expect(Kind.IDENT, "a field after '" + next.text() + "'");
                    found = new Expr.Field(found.span().to(name.span()), found, name.text(), next.is("->"));
                }
            } else if (next.is("[")) {
                tokens.take();
                var index = expression();
                tokens.expect("]", "after the index");
                found = new Expr.Index(found.span().to(tokens.last()), found, index);
            } else if (next.is("++") || next.is("--")) {
                tokens.take();
                found = new Expr.Unary(found.span().to(next.span()), next.text(), found, true);
            } else return found;
        }
    }

    private Expr primary() {
        var token = tokens.peek();
        return switch (token.kind()) {
            case NUMBER -> {
                tokens.take();
                yield new Expr.Number(token.span(), token.value(), token.text());
            }
            case STRING -> {
                tokens.take();
                yield new Expr.Text(token.span(), token.text());
            }
            case PARAMETER -> {
                tokens.take();
                yield new Expr.Parameter(token.span(), token.text().equals("$#") ? 0 : (int) token.value());
            }
            case VARIABLE -> {
                tokens.take();
                yield new Expr.Variable(token.span(), token.text());
            }
            case MAP -> map();
            case IDENT -> word();
            case SYMBOL, END, END_PREDICATE -> {
                if (token.is("{")) yield block();
                throw tokens.expected("an expression");
            }
        };
    }

    /** A block that ends with an expression. */
    private Expr block() {
        var block = blocks.get();
        var statements = new ArrayList<>(block.statements());
        if (statements.isEmpty() || !(statements.removeLast() instanceof Statement.Evaluate(var _, var value))) {
            tokens.diagnostics.error(block.span(), "this block has no value: it does not end with an expression");
            throw new Tokens.Unreadable();
        }
        return new Expr.BlockValue(block.span(), new Statement.Block(block.span(), statements), value);
    }

    Expr.MapAt map() {
        var name = tokens.take();
        if (!tokens.accept("[")) return new Expr.MapAt(name.span(), name.text(), List.of());
        var keys = list("]", "after the key");
        return new Expr.MapAt(name.span().to(tokens.last()), name.text(), keys);
    }

    private Expr word() {
        var name = tokens.take();
        if (!tokens.peek().is("("))
            return CALLED.contains(name.text())
                    ? new Expr.Call(name.span(), name.text(), List.of())
                    : new Expr.Name(name.span(), name.text());
        tokens.take();
        if (name.text().equals("sizeof")) return sizeOf(name.span());
        if (name.text().equals("offsetof")) return offsetOf(name.span());
        var arguments = list(")", "after the arguments of " + name.text());
        if (arguments.isEmpty() && BUILT_IN.contains(name.text()))
            return new Expr.Name(name.span().to(tokens.last()), name.text());
        return new Expr.Call(name.span().to(tokens.last()), name.text(), arguments);
    }

    private Expr sizeOf(Span start) {
        if (types.ahead()) {
            var type = types.type();
            tokens.expect(")", "after the type");
            return new Expr.SizeOf(start.to(tokens.last()), Optional.of(type), Optional.empty());
        }
        var operand = expression();
        tokens.expect(")", "after the expression");
        return new Expr.SizeOf(start.to(tokens.last()), Optional.empty(), Optional.of(operand));
    }

    private Expr offsetOf(Span start) {
        var type = types.type();
        tokens.expect(",", "after the type");
        var path = new ArrayList<String>();
        do path.add(tokens.expect(Kind.IDENT, "a field").text());
        while (tokens.accept("."));
        tokens.expect(")", "after the field");
        return new Expr.OffsetOf(start.to(tokens.last()), type, path);
    }

    private List<Expr> list(String close, String after) {
        var found = new ArrayList<Expr>();
        if (tokens.accept(close)) return found;
        do found.add(expression());
        while (tokens.accept(","));
        tokens.expect(close, after);
        return found;
    }
}
