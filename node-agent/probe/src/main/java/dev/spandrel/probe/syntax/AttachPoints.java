package dev.spandrel.probe.syntax;

import dev.spandrel.probe.syntax.Program.AttachPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads attach points character by character: paths, wildcards and symbols are no tokens. */
final class AttachPoints {
    private static final Set<String> WITH_PATH =
            Set.of("uprobe", "u", "uretprobe", "ur", "usdt", "U", "watchpoint", "asyncwatchpoint");

    private final Tokens tokens;

    AttachPoints(Tokens tokens) {
        this.tokens = tokens;
    }

    List<AttachPoint> list() {
        var lexer = tokens.characters();
        var points = new ArrayList<AttachPoint>();
        while (true) {
            points.add(one(lexer));
            if (lexer.skipBlanks() != ',') break;
            lexer.take();
        }
        tokens.refill();
        return points;
    }

    private AttachPoint one(Lexer lexer) {
        lexer.skipBlanks();
        int start = lexer.position();
        var parts = new ArrayList<String>();
        var part = new StringBuilder();
        while (!ends(lexer.peek(), parts, part)) {
            char c = lexer.peek();
            if (c == '"') part.append(lexer.string());
            else {
                lexer.take();
                if (c == ':') {
                    parts.add(part.toString());
                    part.setLength(0);
                } else part.append(c);
            }
        }
        parts.add(part.toString());
        var span = new Span(start, lexer.position());
        if (parts.size() == 1 && parts.getFirst().isEmpty()) {
            tokens.refill();
            throw tokens.expected("an attach point, such as tracepoint:syscalls:sys_enter_openat");
        }
        return new AttachPoint(span, List.copyOf(parts));
    }

    private static boolean ends(char c, List<String> parts, StringBuilder part) {
        if (c == 0 || Character.isWhitespace(c) || c == ',' || c == '{') return true;
        boolean inPath = parts.size() == 1 && WITH_PATH.contains(parts.getFirst());
        return c == '/' && !inPath && !part.toString().startsWith("/");
    }
}
