package dev.spandrel.probe.syntax;

import java.util.List;
import java.util.Optional;

public sealed interface Statement {
    Span span();

    record Evaluate(Span span, Expr expression) implements Statement {}

    /** `operator` is "" for a plain assignment, else that of the compound one. */
    record Assign(Span span, Expr target, String operator, Expr value) implements Statement {}

    record Declare(Span span, String variable, Optional<TypeName> type, Optional<Expr> value) implements Statement {}

    record If(Span span, Expr condition, Block yes, Optional<Block> no) implements Statement {}

    record While(Span span, Expr condition, Block body) implements Statement {}

    record Unroll(Span span, Expr times, Block body) implements Statement {}

    record ForRange(Span span, String variable, Expr from, Expr to, Block body) implements Statement {}

    record ForMap(Span span, String variable, String map, Block body) implements Statement {}

    record Jump(Span span, Kind kind) implements Statement {
        public enum Kind {
            BREAK,
            CONTINUE,
            RETURN
        }
    }

    record Block(Span span, List<Statement> statements) implements Statement {}
}
