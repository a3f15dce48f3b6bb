package dev.spandrel.probe.syntax;

import java.util.List;
import java.util.Optional;

/** An expression. Each node is one object: passes key what they find out by identity. */
public sealed interface Expr {
    Span span();

    record Number(Span span, long value, String text) implements Expr {}

    record Text(Span span, String value) implements Expr {}

    /** $1 … ; 0 is $#, their count. */
    record Parameter(Span span, int index) implements Expr {}

    /** A built-in, or a constant of an enum. */
    record Name(Span span, String name) implements Expr {}

    record Variable(Span span, String name) implements Expr {}

    record MapAt(Span span, String name, List<Expr> keys) implements Expr {}

    /** `postfix` is for ++ and -- only. */
    record Unary(Span span, String operator, Expr operand, boolean postfix) implements Expr {}

    record Binary(Span span, String operator, Expr left, Expr right) implements Expr {}

    record Ternary(Span span, Expr condition, Expr yes, Expr no) implements Expr {}

    record Call(Span span, String function, List<Expr> arguments) implements Expr {}

    record Field(Span span, Expr of, String name, boolean arrow) implements Expr {}

    /** tuple.0 */
    record Part(Span span, Expr of, int index) implements Expr {}

    record Index(Span span, Expr of, Expr index) implements Expr {}

    record Cast(Span span, TypeName type, Expr operand) implements Expr {}

    record Tuple(Span span, List<Expr> parts) implements Expr {}

    record SizeOf(Span span, Optional<TypeName> type, Optional<Expr> operand) implements Expr {}

    /** Statements, and what they end with. */
    record BlockValue(Span span, Statement.Block block, Expr value) implements Expr {}

    record OffsetOf(Span span, TypeName type, List<String> path) implements Expr {}
}
