package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.Operators;
import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Operand;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Statement;
import dev.spandrel.probe.type.Type;
import java.util.Map;

/** Lowers what fits into a register. */
final class Scalars {
    private static final Map<String, Condition> UNSIGNED = Map.of(
            "==",
            Condition.EQ,
            "!=",
            Condition.NE,
            "<",
            Condition.LT,
            ">",
            Condition.GT,
            "<=",
            Condition.LE,
            ">=",
            Condition.GE);
    private static final Map<String, Condition> SIGNED = Map.of(
            "==",
            Condition.EQ,
            "!=",
            Condition.NE,
            "<",
            Condition.SLT,
            ">",
            Condition.SGT,
            "<=",
            Condition.SLE,
            ">=",
            Condition.SGE);
    private static final Map<String, Op> OPERATORS =
            Map.of("+", Op.ADD, "-", Op.SUB, "*", Op.MUL, "&", Op.AND, "|", Op.OR, "^", Op.XOR, "<<", Op.LSH);

    private final Context context;
    private final BuiltIns builtIns;
    private final Fields fields;
    private boolean inLoop;

    Scalars(Context context) {
        this.context = context;
        builtIns = new BuiltIns(context);
        fields = new Fields(context);
    }

    Fields fields() {
        return fields;
    }

    int register(Expr expr) {
        return switch (operand(expr)) {
            case Reg(int number) -> number;
            case Imm(int value) -> context.code.constant(value);
        };
    }

    Operand operand(Expr expr) {
        var constant = context.constant(expr);
        if (constant.isPresent()) return context.code.operand(constant.getAsLong());
        return switch (expr) {
            case Expr.Name name -> new Reg(builtIns.value(name.name()));
            case Expr.Variable(var _, var name) -> variable(name);
            case Expr.MapAt map -> new Reg(context.maps.value(map));
            case Expr.Unary unary -> unary(unary);
            case Expr.Binary binary -> binary(binary);
            case Expr.Ternary(var _, var condition, var yes, var no) -> {
                int result = context.code.register();
                valued(() -> choose(
                        condition,
                        () -> context.code.move(result, register(yes)),
                        () -> context.code.move(result, register(no))));
                yield new Reg(result);
            }
            case Expr.Call call -> new Calls(context).value(call);
            case Expr.Field field -> new Reg(fields.value(field));
            case Expr.Part part -> {
                var place = context.memory.stored(part);
                yield new Reg(context.code.load(place.base(), place.offset(), 8));
            }
            case Expr.Index index
            when context.memory.part(index).isPresent() ->
                operand(context.memory.part(index).orElseThrow());
            case Expr.Index index -> new Reg(fields.value(index));
            case Expr.Cast(var _, var _, var operand)
            when context.type(operand) instanceof Type.Array array -> {
                var place = context.memory.stored(operand);
                yield cast(context.code.load(place.base(), place.offset(), Type.natural(array)), context.type(expr));
            }
            case Expr.Cast(var _, var _, var operand) -> cast(register(operand), context.type(expr));
            case Expr.BlockValue(var _, var block, var value) -> {
                new Statements(context).block(block);
                yield operand(value);
            }
            case Expr.Number _, Expr.Text _, Expr.Parameter _, Expr.Tuple _, Expr.SizeOf _, Expr.OffsetOf _ ->
                new Imm(0);
        };
    }

    /** The register is copied: what is computed later may assign to the variable. */
    private Operand variable(String name) {
        int copy = context.code.register();
        context.code.move(copy, context.scalars.get(name));
        return new Reg(copy);
    }

    private Operand cast(int value, Type type) {
        if (!(type instanceof Type.Int(int size, boolean signed)) || size == 8) return new Reg(value);
        return new Reg(narrow(value, size, signed));
    }

    int narrow(int value, int size, boolean signed) {
        int unused = 64 - 8 * size;
        if (unused == 0) return value;
        if (!signed && size < 4) return context.code.alu(Op.AND, value, (1L << 8 * size) - 1);
        return context.code.alu(signed ? Op.ARSH : Op.RSH, context.code.alu(Op.LSH, value, unused), unused);
    }

    private Operand unary(Expr.Unary unary) {
        var code = context.code;
        switch (unary.operator()) {
            case "-" -> {
                int to = code.register();
                code.add(new Ir.Negate(to, register(unary.operand())));
                return new Reg(to);
            }
            case "~" -> {
                return new Reg(code.alu(Op.XOR, register(unary.operand()), -1));
            }
            case "!" -> {
                return truth(unary);
            }
            case "*" -> {
                return new Reg(fields.value(unary));
            }
            default -> {
                return step(unary);
            }
        }
    }

    private Operand step(Expr.Unary unary) {
        var code = context.code;
        int by = unary.operator().equals("++") ? 1 : -1;
        int old = code.register();
        if (unary.operand() instanceof Expr.MapAt map) context.maps.add(map, new Imm(by), old);
        else if (unary.operand() instanceof Expr.Variable(var _, var name)) {
            int variable = context.scalars.get(name);
            code.move(old, variable);
            code.add(new Ir.Alu(Op.ADD, variable, variable, new Imm(by)));
        }
        return new Reg(unary.postfix() ? old : code.alu(Op.ADD, old, by));
    }

    /** target op value, for a compound assignment. */
    int compound(Statement.Assign assign) {
        boolean signed = context.type(assign.target()) instanceof Type.Int(int _, boolean s) && s;
        return compute(assign.operator(), register(assign.target()), operand(assign.value()), signed);
    }

    private Operand binary(Expr.Binary binary) {
        String operator = binary.operator();
        if (UNSIGNED.containsKey(operator) || operator.equals("&&") || operator.equals("||")) return truth(binary);
        boolean signed = context.type(binary) instanceof Type.Int(int _, boolean s) && s;
        int left = scaled(binary.left(), binary.right(), register(binary.left()));
        Operand right = binary.right() instanceof Expr r && context.type(binary.left()) instanceof Type.Pointer
                ? new Reg(scaled(r, binary.left(), register(r)))
                : operand(binary.right());
        return new Reg(compute(operator, left, right, signed));
    }

    /** A number that is added to a pointer counts what it points to. */
    private int scaled(Expr expr, Expr other, int value) {
        if (!(context.type(other) instanceof Type.Pointer(var target, var _))
                || context.type(expr) instanceof Type.Pointer) return value;
        int size = context.structs.size(target);
        return size <= 1 ? value : context.code.alu(Op.MUL, value, size);
    }

    int compute(String operator, int left, Operand right, boolean signed) {
        var code = context.code;
        return switch (operator) {
            case "/", "%" -> {
                boolean remainder = operator.equals("%");
                boolean zero = right instanceof Imm(int n) && n == 0;
                if (zero) yield remainder ? left : code.constant(0);
                yield signed
                        ? new SignedDivision(context.code).of(left, right, remainder)
                        : code.alu(remainder ? Op.MOD : Op.DIV, left, right);
            }
            case ">>" -> code.alu(signed ? Op.ARSH : Op.RSH, left, shift(right));
            case "<<" -> code.alu(Op.LSH, left, shift(right));
            default -> code.alu(OPERATORS.get(operator), left, right);
        };
    }

    /** The verifier takes no constant above 63; the machine counts modulo 64. */
    private static Operand shift(Operand right) {
        return right instanceof Imm(int n) ? new Imm(n & 63) : right;
    }

    private Operand truth(Expr condition) {
        int result = context.code.register();
        valued(() -> choose(
                condition,
                () -> context.code.add(new Ir.Const(result, 1)),
                () -> context.code.add(new Ir.Const(result, 0))));
        return new Reg(result);
    }

    /** Loops, which end for the verifier by what it learns at their conditions. */
    void looping(Runnable loop) {
        inLoop(true, loop);
    }

    /** Conditions that make a value, and leave no loop. */
    private void valued(Runnable condition) {
        inLoop(false, condition);
    }

    private void inLoop(boolean within, Runnable lowered) {
        boolean before = inLoop;
        inLoop = within;
        lowered.run();
        inLoop = before;
    }

    /** A copy of which the verifier does not know that it is one: it would follow the rest of the program once for each outcome. Pointers it lets nobody compute with. */
    private int compared(int value) {
        return inLoop || context.code.mayPoint(value) ? value : context.code.alu(Op.OR, value, 0);
    }

    private Operand compared(Operand operand) {
        return operand instanceof Reg(int number) ? new Reg(compared(number)) : operand;
    }

    void choose(Expr condition, Runnable yes, Runnable no) {
        var code = context.code;
        int taken = code.label();
        int other = code.label();
        int done = code.label();
        branch(condition, taken, other);
        code.place(taken);
        yes.run();
        code.jump(done);
        code.place(other);
        no.run();
        code.place(done);
    }

    /** Goes to one label or the other. */
    void branch(Expr condition, int yes, int no) {
        var code = context.code;
        var constant = context.constant(condition);
        if (constant.isPresent()) {
            // A branch both ways, so that what comes after has a way in.
            code.branch(Condition.NE, code.constant(constant.getAsLong() != 0 ? 1 : 0), 0, yes);
            code.jump(no);
            return;
        }
        switch (condition) {
            case Expr.Unary(var _, var operator, var operand, var _)
            when operator.equals("!") -> branch(operand, no, yes);
            case Expr.Binary(var _, var operator, var left, var right)
            when operator.equals("&&") -> {
                int next = code.label();
                branch(left, next, no);
                code.place(next);
                branch(right, yes, no);
            }
            case Expr.Binary(var _, var operator, var left, var right)
            when operator.equals("||") -> {
                int next = code.label();
                branch(left, yes, next);
                code.place(next);
                branch(right, yes, no);
            }
            case Expr.Binary binary when UNSIGNED.containsKey(binary.operator()) -> compare(binary, yes, no);
            default -> {
                code.branch(Condition.NE, compared(register(condition)), 0, yes);
                code.jump(no);
            }
        }
    }

    private void compare(Expr.Binary binary, int yes, int no) {
        var left = context.type(binary.left());
        if (left instanceof Type.Block) {
            boolean equal = binary.operator().equals("==");
            new Texts(context).branch(binary.left(), binary.right(), equal ? yes : no, equal ? no : yes);
            return;
        }
        var condition = (signed(binary) ? SIGNED : UNSIGNED).get(binary.operator());
        int l = compared(register(binary.left()));
        context.code.branch(condition, l, compared(operand(binary.right())), yes);
        context.code.jump(no);
    }

    private boolean signed(Expr.Binary binary) {
        return Operators.signed(
                context.type(binary.left()),
                context.constant(binary.left()),
                context.type(binary.right()),
                context.constant(binary.right()));
    }
}
