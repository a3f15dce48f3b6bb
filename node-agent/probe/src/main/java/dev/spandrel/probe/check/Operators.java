package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Type;
import java.util.OptionalLong;
import java.util.Set;

/** Types of binary operators, and what they give for constants. */
public final class Operators {
    private static final Set<String> COMPARE = Set.of("==", "!=", "<", ">", "<=", ">=");
    /** Those that ask of an id only whether there is one, or whether it is this one. */
    private static final Set<String> WHETHER = Set.of("&&", "||", "==", "!=");

    private final Scope scope;
    private final ExpressionChecks expressions;

    Operators(Scope scope, ExpressionChecks expressions) {
        this.scope = scope;
        this.expressions = expressions;
    }

    Type binary(Expr.Binary binary) {
        var left = expressions.type(binary.left());
        var right = expressions.type(binary.right());
        if (!Checks.known(left) || !Checks.known(right))
            return COMPARE.contains(binary.operator()) ? Type.UINT64 : new Type.Unknown();
        boolean equality = binary.operator().equals("==") || binary.operator().equals("!=");
        if (left instanceof Type.Text && right instanceof Type.Text && equality) return Type.UINT64;
        if (equality && left instanceof Type.Bytes && right instanceof Type.Bytes) return Type.UINT64;
        if (equality && (left instanceof Type.Array || left instanceof Type.Tuple) && left.equals(right))
            return Type.UINT64;
        boolean pointers = left instanceof Type.Pointer || right instanceof Type.Pointer;
        if (!takes(binary.operator(), left) || !takes(binary.operator(), right)) {
            scope.diagnostics.error(
                    binary.span(), binary.operator() + " cannot be applied to " + left + " and " + right);
            return new Type.Unknown();
        }
        boolean signed = signed(binary, left, right);
        var a = scope.constant(binary.left());
        var b = scope.constant(binary.right());
        if (a.isPresent() && b.isPresent()) {
            var value = evaluate(binary.operator(), a.getAsLong(), b.getAsLong(), signed);
            if (value.isPresent()) {
                scope.constants.put(binary, value.getAsLong());
                return new Type.Int(8, signed);
            }
        }
        if (COMPARE.contains(binary.operator())
                || binary.operator().equals("&&")
                || binary.operator().equals("||")) return Type.UINT64;
        if (pointers && (binary.operator().equals("+") || binary.operator().equals("-"))) {
            if (left instanceof Type.Pointer && right instanceof Type.Pointer) return Type.UINT64;
            return left instanceof Type.Pointer ? left : right;
        }
        return new Type.Int(8, signed);
    }

    private static boolean takes(String operator, Type type) {
        return type instanceof Type.Int
                || type instanceof Type.Pointer
                || type instanceof Type.SpanId && WHETHER.contains(operator);
    }

    private boolean signed(Expr.Binary binary, Type left, Type right) {
        return signed(left, scope.constant(binary.left()), right, scope.constant(binary.right()));
    }

    /** Both must be signed; a constant that is not negative is what the other side is. */
    public static boolean signed(Type left, OptionalLong a, Type right, OptionalLong b) {
        boolean l = left instanceof Type.Int(int _, boolean s) && s;
        boolean r = right instanceof Type.Int(int _, boolean s) && s;
        if (a.isPresent() && b.isEmpty() && a.getAsLong() >= 0) return r;
        if (b.isPresent() && a.isEmpty() && b.getAsLong() >= 0) return l;
        return l && r;
    }

    /** As the program would compute it; a division by zero gives 0 and its remainder the dividend. */
    public static OptionalLong evaluate(String operator, long a, long b, boolean signed) {
        int order = signed ? Long.compare(a, b) : Long.compareUnsigned(a, b);
        return OptionalLong.of(
                switch (operator) {
                    case "+" -> a + b;
                    case "-" -> a - b;
                    case "*" -> a * b;
                    case "/" -> b == 0 ? 0 : signed ? a / b : Long.divideUnsigned(a, b);
                    case "%" -> b == 0 ? a : signed ? a % b : Long.remainderUnsigned(a, b);
                    case "&" -> a & b;
                    case "|" -> a | b;
                    case "^" -> a ^ b;
                    case "<<" -> a << b;
                    case ">>" -> signed ? a >> b : a >>> b;
                    case "==" -> a == b ? 1 : 0;
                    case "!=" -> a != b ? 1 : 0;
                    case "<" -> order < 0 ? 1 : 0;
                    case ">" -> order > 0 ? 1 : 0;
                    case "<=" -> order <= 0 ? 1 : 0;
                    case ">=" -> order >= 0 ? 1 : 0;
                    case "&&" -> a != 0 && b != 0 ? 1 : 0;
                    case "||" -> a != 0 || b != 0 ? 1 : 0;
                    default -> throw new IllegalArgumentException(operator);
                });
    }

    /** What is left of a value in fewer bytes. */
    public static long narrowed(long value, int size, boolean signed) {
        int unused = 64 - 8 * size;
        return signed ? value << unused >> unused : value << unused >>> unused;
    }
}
