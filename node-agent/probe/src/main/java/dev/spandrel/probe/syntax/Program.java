package dev.spandrel.probe.syntax;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole program as written. */
public record Program(
        List<Setting> config,
        TypeDefinitions types,
        List<MacroDefinition> macros,
        Map<String, MapDeclaration> declarations,
        List<Probe> probes) {
    /** @param leastRecentlyUsed whether the key that was not used for longest gives way to a new one when the map is full */
    public record MapDeclaration(int keys, boolean leastRecentlyUsed) {}

    public record Setting(Span span, String name, String value) {}

    public record TypeDefinitions(
            List<StructDefinition> structs, Map<String, TypeName> aliases, Map<String, Long> constants) {}

    public record StructDefinition(Span span, String name, boolean union, List<Member> members) {}

    public record Member(Span span, TypeName type, String name) {}

    /** Parameters keep their sigil: $x takes an expression, @m a map. */
    public record MacroDefinition(Span span, String name, List<String> parameters, Statement.Block body) {}

    public record Probe(List<AttachPoint> points, Optional<Expr> predicate, Statement.Block body) {}

    /** Parts are what stands between colons, without quotes. */
    public record AttachPoint(Span span, List<String> parts) {
        public String provider() {
            return parts.getFirst();
        }

        public String text() {
            return String.join(":", parts);
        }
    }
}
