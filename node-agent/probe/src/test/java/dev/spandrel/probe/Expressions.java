package dev.spandrel.probe;

import dev.spandrel.probe.check.Operators;
import java.util.List;
import java.util.Random;

/** Makes random expressions over four variables, and knows their values without a compiler. */
public final class Expressions {
    /** @param signed as the language has it */
    public record Known(String text, long value, boolean signed) {}

    static final List<String> OPERATORS =
            List.of("+", "-", "*", "/", "%", "&", "|", "^", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "<<", ">>");
    private static final long[] EDGES = {
        0, 1, 2, 7, 63, 64, 255, 256, 65535, 1L << 31, (1L << 31) - 1, 1L << 32, Long.MAX_VALUE
    };

    private final Random random;
    private final long[] values = new long[4];

    public Expressions(long seed) {
        random = new Random(seed);
        for (int i = 0; i < values.length; i++)
            values[i] = random.nextInt(3) == 0
                    ? EDGES[random.nextInt(EDGES.length)]
                    : random.nextLong() >> random.nextInt(64);
    }

    /** Two are signed, two are not. */
    String assignments() {
        var text = new StringBuilder();
        for (int i = 0; i < values.length; i++)
            text.append("$v%d = (%s)%s; ".formatted(i, i < 2 ? "int64" : "uint64", literal(values[i])));
        return text.toString();
    }

    /** The same from maps, of which the verifier does not know what is in them. */
    public String fromMaps() {
        var text = new StringBuilder();
        for (int i = 0; i < values.length; i++)
            text.append(
                    "@v%d = (%s)%s; $v%d = @v%d; ".formatted(i, i < 2 ? "int64" : "uint64", literal(values[i]), i, i));
        return text.toString();
    }

    private static String literal(long value) {
        return "0x" + Long.toHexString(value);
    }

    public Known next(int depth) {
        if (depth == 0 || random.nextInt(6) == 0) return leaf();
        return switch (random.nextInt(8)) {
            case 0 -> unary(next(depth - 1));
            case 1 -> cast(next(depth - 1));
            case 2 -> {
                var condition = next(depth - 1);
                var yes = next(depth - 1);
                var no = next(depth - 1);
                var taken = condition.value() != 0 ? yes : no;
                yield new Known(
                        "((%s) ? (%s) : (%s))".formatted(condition.text(), yes.text(), no.text()),
                        taken.value(),
                        yes.signed());
            }
            default -> binary(next(depth - 1), next(depth - 1));
        };
    }

    private Known leaf() {
        int i = random.nextInt(values.length);
        return new Known("$v" + i, values[i], i < 2);
    }

    private Known unary(Known of) {
        return switch (random.nextInt(3)) {
            case 0 -> new Known("(-" + of.text() + ")", -of.value(), true);
            case 1 -> new Known("(~" + of.text() + ")", ~of.value(), of.signed());
            default -> new Known("(!" + of.text() + ")", of.value() == 0 ? 1 : 0, false);
        };
    }

    private Known cast(Known of) {
        int size = 1 << random.nextInt(4);
        boolean signed = random.nextBoolean();
        return new Known(
                "((%sint%d)%s)".formatted(signed ? "" : "u", 8 * size, of.text()),
                Operators.narrowed(of.value(), size, signed),
                signed);
    }

    private Known binary(Known left, Known right) {
        String operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
        boolean signed = left.signed() && right.signed();
        long value = Operators.evaluate(operator, left.value(), right.value(), signed)
                .orElseThrow();
        boolean truth = "== != < > <= >= && ||".contains(operator)
                && !operator.equals("&")
                && !operator.equals("|")
                && !operator.equals("<<")
                && !operator.equals(">>");
        return new Known("(%s %s %s)".formatted(left.text(), operator, right.text()), value, !truth && signed);
    }
}
