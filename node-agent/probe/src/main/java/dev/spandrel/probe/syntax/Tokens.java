package dev.spandrel.probe.syntax;

import dev.spandrel.probe.syntax.Token.Kind;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** One token of look-ahead over the lexer, with a way back. */
final class Tokens {
    /** Ends the parsing of one probe or definition; its diagnostic is made already. */
    static final class Unreadable extends RuntimeException {
        Unreadable() {
            super(null, null, false, false);
        }
    }

    final Lexer lexer;
    final Diagnostics diagnostics;
    private final Map<String, String> defines;
    private Token ahead;
    private int aheadFrom;
    private Span last = Span.NONE;

    Tokens(String text, Map<String, String> defines, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        this.defines = defines;
        lexer = new Lexer(text, diagnostics);
        ahead = new Token(Kind.END, Span.NONE, "", 0);
        refill();
    }

    Token peek() {
        return ahead;
    }

    Token take() {
        var taken = ahead;
        last = taken.span();
        refill();
        return taken;
    }

    /** Of the token taken last. */
    Span last() {
        return last;
    }

    boolean accept(String symbol) {
        if (!ahead.is(symbol)) return false;
        take();
        return true;
    }

    boolean acceptWord(String word) {
        if (!ahead.isWord(word)) return false;
        take();
        return true;
    }

    Token expect(String symbol, String after) {
        if (ahead.is(symbol)) return take();
        throw expected("'" + symbol + "' " + after);
    }

    Token expect(Kind kind, String what) {
        if (ahead.kind() == kind) return take();
        throw expected(what);
    }

    Unreadable expected(String what) {
        diagnostics.error(ahead.span(), "expected " + what + ", found " + ahead.described());
        return new Unreadable();
    }

    int mark() {
        return aheadFrom;
    }

    void reset(int mark) {
        lexer.moveTo(mark);
        refill();
    }

    /** Hands the text over to a reader of characters, from the token ahead on; it reads on afterwards. */
    Lexer characters() {
        lexer.moveTo(aheadFrom);
        return lexer;
    }

    void refill() {
        aheadFrom = lexer.position();
        ahead = replaced(lexer.next(), new HashSet<>());
    }

    /** A defined name stands for one token; of more, the parser says that they cannot be read. */
    private Token replaced(Token token, Set<String> seen) {
        if (token.kind() != Kind.IDENT || !defines.containsKey(token.text()) || !seen.add(token.text())) return token;
        String meant = defines.get(token.text()).replaceAll("/[/*].*", "").strip();
        if (meant.startsWith("(") && meant.endsWith(")")) meant = meant.substring(1, meant.length() - 1);
        var inner = new Lexer(meant, new Diagnostics());
        var first = inner.next();
        if (inner.next().kind() != Kind.END) {
            diagnostics.error(token.span(), "#define " + token.text() + " stands for more than one word or number");
            return token;
        }
        return replaced(new Token(first.kind(), token.span(), first.text(), first.value()), seen);
    }
}
