package dev.spandrel.probe.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pattern that strings are matched against as a whole: ? is any byte, * any number of them, [a-c] and [!a-c] classes.
 *
 * @param elements each takes one byte
 * @param loops bit i: any number of bytes may stand before element i, or at the end
 */
public record Glob(List<List<Range>> elements, long loops) {
    /** Of bytes, both ends included. */
    public record Range(int first, int last) {}

    private static final int MOST = 60;
    private static final int LAST_BYTE = 255;

    /** Why it is none, if so. */
    static Optional<String> check(String pattern) {
        if (!pattern.chars().allMatch(c -> c > 0 && c < 128)) return Optional.of("the pattern is of ASCII characters");
        if (pattern.replaceAll("\\[[^]]+]", "").contains("[")) return Optional.of("a class of characters ends with ]");
        return of(pattern).elements().size() > MOST
                ? Optional.of("the pattern has more than " + MOST + " characters to match")
                : Optional.empty();
    }

    public static Glob of(String pattern) {
        var elements = new ArrayList<List<Range>>();
        long loops = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int end = pattern.indexOf(']', i + 2);
            if (c == '*') loops |= 1L << elements.size();
            else if (c == '?') elements.add(List.of(new Range(1, LAST_BYTE)));
            else if (c == '[' && end > 0) {
                elements.add(ranges(pattern.substring(i + 1, end)));
                i = end;
            } else elements.add(List.of(new Range(c, c)));
        }
        return new Glob(List.copyOf(elements), loops);
    }

    private static List<Range> ranges(String inside) {
        boolean not = inside.startsWith("!");
        var wanted = new boolean[LAST_BYTE + 2];
        for (int i = not ? 1 : 0; i < inside.length(); i++) {
            boolean range = i + 2 < inside.length() && inside.charAt(i + 1) == '-';
            for (int c = inside.charAt(i); c <= inside.charAt(range ? i + 2 : i); c++) wanted[c] = true;
            if (range) i += 2;
        }
        var found = new ArrayList<Range>();
        int first = 0;
        for (int c = 1; c <= LAST_BYTE + 1; c++) {
            boolean in = c <= LAST_BYTE && wanted[c] != not;
            if (in && first == 0) first = c;
            if (!in && first > 0) {
                found.add(new Range(first, c - 1));
                first = 0;
            }
        }
        return List.copyOf(found);
    }
}
