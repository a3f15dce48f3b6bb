package dev.spandrel.probe.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes every node of a program anew: passes key what they find out by identity, so nothing may stand in two places. */
class Rewriting {
    Expr expr(Expr expr) {
        return switch (expr) {
            case Expr.Number(var span, long value, var text) -> new Expr.Number(span(span), value, text);
            case Expr.Text(var span, var value) -> new Expr.Text(span(span), value);
            case Expr.Parameter(var span, int index) -> new Expr.Parameter(span(span), index);
            case Expr.Name(var span, var name) -> new Expr.Name(span(span), name);
            case Expr.Variable(var span, var name) -> new Expr.Variable(span(span), variable(name));
            case Expr.MapAt map -> map(map);
            case Expr.Unary(var span, var operator, var operand, boolean postfix) ->
                new Expr.Unary(span(span), operator, expr(operand), postfix);
            case Expr.Binary(var span, var operator, var left, var right) ->
                new Expr.Binary(span(span), operator, expr(left), expr(right));
            case Expr.Ternary(var span, var condition, var yes, var no) ->
                new Expr.Ternary(span(span), expr(condition), expr(yes), expr(no));
            case Expr.Call(var span, var function, var arguments) ->
                new Expr.Call(span(span), function, all(arguments));
            case Expr.Field(var span, var of, var name, boolean arrow) ->
                new Expr.Field(span(span), expr(of), name, arrow);
            case Expr.Part(var span, var of, int index) -> new Expr.Part(span(span), expr(of), index);
            case Expr.Index(var span, var of, var index) -> new Expr.Index(span(span), expr(of), expr(index));
            case Expr.Cast(var span, var type, var operand) -> new Expr.Cast(span(span), type, expr(operand));
            case Expr.Tuple(var span, var parts) -> new Expr.Tuple(span(span), all(parts));
            case Expr.SizeOf(var span, var type, var operand) ->
                new Expr.SizeOf(span(span), type, operand.map(this::expr));
            case Expr.OffsetOf(var span, var type, var path) -> new Expr.OffsetOf(span(span), type, path);
            case Expr.BlockValue(var span, var block, var value) ->
                new Expr.BlockValue(span(span), block(block), expr(value));
        };
    }

    List<Expr> all(List<Expr> exprs) {
        var made = new ArrayList<Expr>();
        for (Expr expr : exprs) made.add(expr(expr));
        return made;
    }

    Expr.MapAt map(Expr.MapAt map) {
        return new Expr.MapAt(span(map.span()), map.name(), all(map.keys()));
    }

    /** Where what is made anew stands. */
    Span span(Span span) {
        return span;
    }

    String variable(String name) {
        return name;
    }

    Statement.Block block(Statement.Block block) {
        var made = new ArrayList<Statement>();
        for (Statement statement : block.statements()) made.add(statement(statement));
        return new Statement.Block(span(block.span()), made);
    }

    Statement statement(Statement statement) {
        return switch (statement) {
            case Statement.Block block -> block(block);
            case Statement.Evaluate(var span, var expression) -> new Statement.Evaluate(span(span), expr(expression));
            case Statement.Assign(var span, var target, var operator, var value) ->
                new Statement.Assign(span(span), expr(target), operator, expr(value));
            case Statement.Declare(var span, var name, var type, var value) ->
                new Statement.Declare(span(span), variable(name), type, value.map(this::expr));
            case Statement.If(var span, var condition, var yes, var no) ->
                new Statement.If(span(span), expr(condition), block(yes), no.map(this::block));
            case Statement.While(var span, var condition, var body) ->
                new Statement.While(span(span), expr(condition), block(body));
            case Statement.Unroll(var span, var times, var body) ->
                new Statement.Unroll(span(span), expr(times), block(body));
            case Statement.ForRange(var span, var name, var from, var to, var body) ->
                new Statement.ForRange(span(span), variable(name), expr(from), expr(to), block(body));
            case Statement.ForMap(var span, var name, var map, var body) ->
                new Statement.ForMap(
                        span(span),
                        variable(name),
                        map(new Expr.MapAt(span(span), map, List.of())).name(),
                        block(body));
            case Statement.Jump(var span, var kind) -> new Statement.Jump(span(span), kind);
        };
    }

    Program.Probe probe(Program.Probe probe) {
        Optional<Expr> predicate = probe.predicate().map(this::expr);
        return new Program.Probe(probe.points(), predicate, block(probe.body()));
    }
}
