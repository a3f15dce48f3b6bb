package dev.spandrel.probe.syntax;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers what the passes have to say: all of it, in the order of the source. */
public final class Diagnostics {
    private final List<Diagnostic> found = new ArrayList<>();

    public void add(Diagnostic diagnostic) {
        if (!found.contains(diagnostic)) found.add(diagnostic);
    }

    public void error(Span span, String message) {
        add(Diagnostic.error(span, message));
    }

    public void error(Span span, String message, String hint) {
        add(Diagnostic.error(span, message, hint));
    }

    public void warning(Span span, String message) {
        add(Diagnostic.warning(span, message));
    }

    public boolean failed() {
        return found.stream().anyMatch(d -> d.severity() == Diagnostic.Severity.ERROR);
    }

    public List<Diagnostic> all() {
        return found.stream()
                .sorted(Comparator.comparingInt(d -> d.span().start()))
                .toList();
    }
}
