package dev.spandrel.probe.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which known word was probably meant. */
public final class Near {
    private Near() {}

    /** The nearest of the known words, if it is near enough to be a slip. */
    public static Optional<String> to(String word, Collection<String> known) {
        int limit = Math.max(1, word.length() / 3);
        return known.stream()
                .filter(k -> Math.abs(k.length() - word.length()) <= limit)
                .filter(k -> distance(word, k) <= limit)
                .min(Comparator.<String>comparingInt(k -> distance(word, k)).thenComparing(k -> k));
    }

    /** Changed, added, lost and swapped letters. */
    static int distance(String a, String b) {
        var d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) d[i][0] = i;
        for (int j = 0; j <= b.length(); j++) d[0][j] = j;
        for (int i = 1; i <= a.length(); i++)
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1))
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
            }
        return d[a.length()][b.length()];
    }
}
