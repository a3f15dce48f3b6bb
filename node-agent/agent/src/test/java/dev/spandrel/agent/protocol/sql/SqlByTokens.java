package dev.spandrel.agent.protocol.sql;

import dev.spandrel.agent.protocol.Dialect;
import dev.spandrel.agent.protocol.Slice;
import java.nio.charset.StandardCharsets;

/** What {@link SqlText} is to say of a statement, token by token and with nothing remembered. */
record SqlByTokens(String sanitized, Slice summary) {
    static SqlByTokens of(Slice statement, Dialect dialect) {
        var scanner = new SqlScanner().start(statement, dialect);
        var text = new StringBuilder();
        boolean spaced = true;
        for (SqlToken kind = scanner.next(); kind != SqlToken.END; kind = scanner.next()) {
            String token = new String(
                    statement.bytes(), scanner.from(), scanner.to() - scanner.from(), StandardCharsets.ISO_8859_1);
            boolean space = kind == SqlToken.SPACE || kind == SqlToken.COMMENT;
            if (!space) text.append(kind == SqlToken.STRING || kind == SqlToken.NUMBER ? "?" : token);
            else if (!spaced) text.append(' ');
            spaced = space;
            switch (kind) {
                case STRING, NUMBER -> shorten(text, "?, ?", "?,?", "?");
                case SYMBOL -> shorten(text, "(?), (?)", "(?),(?)", "(?)");
                default -> {}
            }
        }
        if (spaced && !text.isEmpty()) text.setLength(text.length() - 1);
        return new SqlByTokens(text.toString(), new SqlSummary().of(statement, dialect));
    }

    private static void shorten(StringBuilder text, String spaced, String dense, String one) {
        for (var list : new String[] {spaced, dense}) {
            int from = text.length() - list.length();
            if (from >= 0 && text.indexOf(list, from) == from) {
                text.setLength(from);
                text.append(one);
                return;
            }
        }
    }
}
