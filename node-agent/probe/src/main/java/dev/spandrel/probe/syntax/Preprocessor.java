package dev.spandrel.probe.syntax;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The lines that begin with #. Types come from the kernel's BTF, so an include needs nothing and is left out; conditions
 * choose between lines; an object-like define is a name for tokens. Blanks take the place of what is left out, so that
 * every position stays as it was.
 */
final class Preprocessor {
    private static final Set<String> DEFINED = Set.of("BPFTRACE_HAVE_BTF");

    record Result(String text, Map<String, String> defines) {}

    private Preprocessor() {}

    static Result run(String text) {
        var kept = new StringBuilder(text.length());
        var defines = new HashMap<String, String>();
        Deque<Boolean> conditions = new ArrayDeque<>();
        boolean inComment = false;
        for (String line : text.split("(?<=\n)", -1)) {
            boolean taken = !conditions.contains(false);
            String directive = line.stripLeading();
            if (inComment || !directive.startsWith("#")) {
                inComment = endsInComment(line, inComment);
                kept.append(taken ? line : blank(line));
                continue;
            }
            var words = directive.substring(1).strip().split("\\s+", 3);
            String name = words.length > 1 ? words[1] : "";
            boolean known = DEFINED.contains(name) || defines.containsKey(name);
            switch (words[0]) {
                case "ifdef" -> conditions.push(known);
                case "ifndef" -> conditions.push(!known);
                case "if" -> conditions.push(!name.equals("0"));
                case "else" -> {
                    if (!conditions.isEmpty()) conditions.push(!conditions.pop());
                }
                case "endif" -> conditions.poll();
                case "define" -> {
                    if (taken && !name.contains("(")) defines.put(name, words.length > 2 ? words[2] : "1");
                }
                default -> {}
            }
            kept.append(blank(line));
        }
        return new Result(kept.toString(), Map.copyOf(defines));
    }

    private static boolean endsInComment(String line, boolean inside) {
        boolean comment = inside;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (comment) {
                if (line.startsWith("*/", i)) comment = false;
            } else if (quoted) {
                if (c == '\\') i++;
                else if (c == '"') quoted = false;
            } else if (c == '"') quoted = true;
            else if (line.startsWith("//", i)) return false;
            else if (line.startsWith("/*", i)) comment = true;
        }
        return comment;
    }

    private static String blank(String line) {
        return line.endsWith("\n") ? " ".repeat(line.length() - 1) + "\n" : " ".repeat(line.length());
    }
}
