package dev.spandrel.probe.syntax;

/** `text` is a string's content or a word; `value` is a number's. */
public record Token(Kind kind, Span span, String text, long value) {
    public enum Kind {
        IDENT,
        NUMBER,
        STRING,
        /** @name: a map. */
        MAP,
        /** $name: a scratch variable. */
        VARIABLE,
        /** $1: a positional parameter. */
        PARAMETER,
        /** A slash that ends a predicate: a block follows. */
        END_PREDICATE,
        SYMBOL,
        END
    }

    public boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    public boolean isWord(String word) {
        return kind == Kind.IDENT && text.equals(word);
    }

    String described() {
        return switch (kind) {
            case END -> "the end of the program";
            case STRING -> "a string";
            case NUMBER, PARAMETER -> text;
            case END_PREDICATE -> "'/'";
            case IDENT, MAP, VARIABLE, SYMBOL -> "'" + text + "'";
        };
    }
}
