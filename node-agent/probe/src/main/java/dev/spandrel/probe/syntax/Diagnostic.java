package dev.spandrel.probe.syntax;

import java.util.Optional;

/** What is wrong, where, and what might have been meant. */
public record Diagnostic(Severity severity, Span span, String message, Optional<String> hint) {
    public enum Severity {
        ERROR,
        WARNING
    }

    public static Diagnostic error(Span span, String message) {
        return new Diagnostic(Severity.ERROR, span, message, Optional.empty());
    }

    public static Diagnostic error(Span span, String message, String hint) {
        return new Diagnostic(Severity.ERROR, span, message, Optional.of(hint));
    }

    public static Diagnostic warning(Span span, String message) {
        return new Diagnostic(Severity.WARNING, span, message, Optional.empty());
    }

    /** As people read it: file, line and column, the line itself, and a caret. */
    public String render(Source source) {
        int line = source.line(span.start());
        int column = source.column(span.start());
        String text = source.lineText(span.start());
        int width = Math.max(1, Math.min(span.end() - span.start(), text.length() - column + 1));
        String number = Integer.toString(line);
        var shown = new StringBuilder();
        shown.append(source.name())
                .append(':')
                .append(line)
                .append(':')
                .append(column)
                .append(": ");
        shown.append(severity == Severity.ERROR ? "error: " : "warning: ")
                .append(message)
                .append('\n');
        shown.append("  ")
                .append(number)
                .append(" | ")
                .append(text.replace('\t', ' '))
                .append('\n');
        shown.append("  ").append(" ".repeat(number.length())).append(" | ").append(" ".repeat(column - 1));
        shown.append('^').append("~".repeat(width - 1)).append('\n');
        hint.ifPresent(h -> shown.append("  hint: ").append(h).append('\n'));
        return shown.toString();
    }
}
