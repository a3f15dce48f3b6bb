package dev.spandrel.probe.syntax;

/** A program's text and what to call it in diagnostics. */
public record Source(String name, String text) {
    /** From 1. */
    public int line(int offset) {
        int line = 1;
        for (int i = 0; i < Math.min(offset, text.length()); i++) if (text.charAt(i) == '\n') line++;
        return line;
    }

    /** From 1. */
    public int column(int offset) {
        int at = Math.min(offset, text.length());
        return at - text.lastIndexOf('\n', at - 1);
    }

    public String lineText(int offset) {
        int at = Math.min(offset, text.length());
        int start = text.lastIndexOf('\n', at - 1) + 1;
        int end = text.indexOf('\n', at);
        return text.substring(start, end < 0 ? text.length() : end);
    }

    public String text(Span span) {
        return text.substring(span.start(), Math.min(span.end(), text.length()));
    }
}
