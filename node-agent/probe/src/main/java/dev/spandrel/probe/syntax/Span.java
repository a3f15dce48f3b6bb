package dev.spandrel.probe.syntax;

/** Where in the source something stands: characters from start to end, the end not included. */
public record Span(int start, int end) {
    public static final Span NONE = new Span(0, 0);

    public Span to(Span last) {
        return new Span(start, Math.max(end, last.end));
    }
}
