package dev.spandrel.probe.format;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A format string in pieces. */
public record Format(String text, List<Piece> pieces) {
    public sealed interface Piece {}

    public record Literal(String text) implements Piece {}

    /** `conversion` is the last letter; length letters (l, h, z) are left out: every number has 64 bits. */
    public record Slot(String flags, int width, int precision, String length, char conversion) implements Piece {
        public static final int NONE = -1;
    }

    private static final Pattern SLOT =
            Pattern.compile("%([-+ #0']*)(\\d+)?(?:\\.(\\d+))?(hh|h|ll|l|j|z|t)?(rh|rx|[a-zA-Z])");

    public static Format parse(String text) {
        var pieces = new ArrayList<Piece>();
        var literal = new StringBuilder();
        Matcher matcher = SLOT.matcher(text);
        for (int at = 0; at < text.length(); ) {
            char c = text.charAt(at);
            if (c == '%' && text.startsWith("%%", at)) {
                literal.append('%');
                at += 2;
            } else if (c == '%' && matcher.region(at, text.length()).lookingAt()) {
                if (!literal.isEmpty()) pieces.add(new Literal(literal.toString()));
                literal.setLength(0);
                pieces.add(slot(matcher));
                at = matcher.end();
            } else {
                literal.append(c);
                at++;
            }
        }
        if (!literal.isEmpty()) pieces.add(new Literal(literal.toString()));
        return new Format(text, List.copyOf(pieces));
    }

    public List<Slot> slots() {
        return pieces.stream()
                .filter(Slot.class::isInstance)
                .map(Slot.class::cast)
                .toList();
    }

    private static Slot slot(Matcher matcher) {
        String length = matcher.group(4) == null ? "" : matcher.group(4);
        return new Slot(
                matcher.group(1),
                number(matcher.group(2)),
                number(matcher.group(3)),
                length,
                matcher.group(5).charAt(0));
    }

    private static int number(String digits) {
        if (digits == null) return Slot.NONE;
        return digits.length() > 4 ? 9999 : Integer.parseInt(digits);
    }
}
