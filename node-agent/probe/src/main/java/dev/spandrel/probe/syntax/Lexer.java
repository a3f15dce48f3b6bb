package dev.spandrel.probe.syntax;

import dev.spandrel.probe.syntax.Token.Kind;
import java.util.Map;

/** Makes tokens on demand, because what a slash or a colon means depends on where the parser is. */
final class Lexer {
    private static final String[] SYMBOLS = {
        "<<=", ">>=", "...", "++", "--", "->", "==", "!=", "<=", ">=", "<<", ">>", "&&", "||", "+=", "-=", "*=", "/=",
        "%=", "&=", "|=", "^=", ".."
    };
    private static final Map<String, Long> UNITS = Map.of(
            "ns",
            1L,
            "us",
            1_000L,
            "ms",
            1_000_000L,
            "s",
            1_000_000_000L,
            "m",
            60_000_000_000L,
            "h",
            3_600_000_000_000L,
            "d",
            86_400_000_000_000L);

    private final String text;
    private final Diagnostics diagnostics;
    private int at;

    Lexer(String text, Diagnostics diagnostics) {
        this.text = text;
        this.diagnostics = diagnostics;
    }

    int position() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    /** The character at the position after blanks and comments; 0 at the end. */
    char skipBlanks() {
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) at++;
            else if (text.startsWith("//", at)) at = lineEnd(at);
            else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                at = end < 0 ? text.length() : end + 2;
            } else break;
        }
        return peek();
    }

    char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    char take() {
        return text.charAt(at++);
    }

    Token next() {
        char c = skipBlanks();
        int start = at;
        if (c == 0) return token(Kind.END, start, "", 0);
        if (Character.isDigit(c)) return number(start);
        if (c == '"') return token(Kind.STRING, start, string(), 0);
        if (c == '@') return token(Kind.MAP, start, "@" + word(1), 0);
        if (c == '$') return dollar(start);
        if (isWord(c)) return token(Kind.IDENT, start, word(0), 0);
        if (c == '\'' && at + 2 < text.length()) return character(start);
        if (c == '/' && blockFollows()) {
            at++;
            return token(Kind.END_PREDICATE, start, "/", 0);
        }
        for (String symbol : SYMBOLS)
            if (text.startsWith(symbol, at)) {
                at += symbol.length();
                return token(Kind.SYMBOL, start, symbol, 0);
            }
        at++;
        return token(Kind.SYMBOL, start, Character.toString(c), 0);
    }

    private boolean blockFollows() {
        int slash = at++;
        boolean block = skipBlanks() == '{';
        at = slash;
        return block;
    }

    private Token dollar(int start) {
        at++;
        if (peek() == '#') {
            at++;
            return token(Kind.PARAMETER, start, "$#", 0);
        }
        String name = word(0);
        if (!name.isEmpty() && name.chars().allMatch(Character::isDigit))
            return token(Kind.PARAMETER, start, "$" + name, parsed(name, 10, start));
        return token(Kind.VARIABLE, start, "$" + name, 0);
    }

    private Token character(int start) {
        boolean escaped = text.charAt(at + 1) == '\\';
        char c = escaped ? unescape(text.charAt(at + 2)) : text.charAt(at + 1);
        at += escaped ? 4 : 3;
        at = Math.min(at, text.length());
        return token(Kind.NUMBER, start, text.substring(start, at), c);
    }

    private Token number(int start) {
        while (Character.isLetterOrDigit(peek()) || peek() == '_') at++;
        String written = text.substring(start, at);
        String digits = written.replace("_", "");
        if (digits.startsWith("0x") || digits.startsWith("0X"))
            return token(Kind.NUMBER, start, written, parsed(digits.substring(2), 16, start));
        int letters = 0;
        while (letters < digits.length() && Character.isDigit(digits.charAt(letters))) letters++;
        String unit = digits.substring(letters);
        String whole = digits.substring(0, letters);
        if (unit.matches("[uU]?[lL]{0,2}[uU]?")) {
            boolean octal = whole.length() > 1 && whole.startsWith("0");
            return token(Kind.NUMBER, start, written, parsed(whole, octal ? 8 : 10, start));
        }
        if (unit.startsWith("e") && unit.substring(1).matches("\\d{1,2}")) {
            long power = 1;
            for (int i = Integer.parseInt(unit.substring(1)); i > 0; i--) power *= 10;
            return token(Kind.NUMBER, start, written, parsed(whole, 10, start) * power);
        }
        Long factor = UNITS.get(unit);
        if (factor != null) return token(Kind.NUMBER, start, written, parsed(whole, 10, start) * factor);
        diagnostics.error(new Span(start, at), "'" + written + "' is not a number");
        return token(Kind.NUMBER, start, written, 0);
    }

    private long parsed(String digits, int radix, int start) {
        try {
            return Long.parseUnsignedLong(digits, radix);
        } catch (NumberFormatException e) {
            diagnostics.error(new Span(start, at), "number does not fit into 64 bits");
            return 0;
        }
    }

    /** The content of the string that begins at the position. */
    String string() {
        int start = at++;
        var content = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char c = take();
            if (c != '\\' || at >= text.length()) content.append(c);
            else escape(content);
        }
        if (at >= text.length()) diagnostics.error(new Span(start, start + 1), "string has no end");
        else at++;
        return content.toString();
    }

    private void escape(StringBuilder content) {
        char c = take();
        int digits = 0;
        if (c == 'x') {
            while (digits < 2 && Character.digit(peekAt(digits), 16) >= 0) digits++;
            if (digits > 0) content.append((char) Integer.parseInt(text.substring(at, at + digits), 16));
            at += digits;
        } else if (c >= '0' && c <= '7') {
            at--;
            while (digits < 3 && Character.digit(peekAt(digits), 8) >= 0) digits++;
            content.append((char) Integer.parseInt(text.substring(at, at + digits), 8));
            at += digits;
        } else content.append(unescape(c));
    }

    private char peekAt(int offset) {
        return at + offset < text.length() ? text.charAt(at + offset) : 0;
    }

    private static char unescape(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'e' -> 27;
            default -> c;
        };
    }

    private String word(int skip) {
        at += skip;
        int start = at;
        while (isWord(peek()) || Character.isDigit(peek())) at++;
        return text.substring(start, at);
    }

    private static boolean isWord(char c) {
        return c == '_' || (c < 128 && Character.isLetter(c));
    }

    private int lineEnd(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private Token token(Kind kind, int start, String content, long value) {
        return new Token(kind, new Span(start, at), content, value);
    }
}
