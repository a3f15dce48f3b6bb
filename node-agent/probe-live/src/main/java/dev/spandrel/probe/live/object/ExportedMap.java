package dev.spandrel.probe.live.object;

import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.probe.live.facts.ObjectTypes;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Type;
import java.util.List;
import java.util.Optional;

/**
 * A map that an object gives out, by its name and its types: {@code otel_NAME}, whose values are {@code u64} (counts), {@code s64} (a level) or an array of up to 64 {@code u64} (counts by
 * power of two).
 *
 * @param key the members of its key's struct; of a key that is none, one that is called {@code key}
 */
public record ExportedMap(String name, BpfMap map, Kind kind, List<Layout.Member> key) {
    static final String PREFIX = "otel_";
    static final int MOST_SLOTS = 64;

    public enum Kind {
        COUNT,
        LEVEL,
        HISTOGRAM
    }

    static boolean isMeant(BpfMap map) {
        return map.name().startsWith(PREFIX);
    }

    /** Empty: its types are not among those that are read. */
    static Optional<ExportedMap> of(BpfMap map, ObjectTypes types) {
        if (map.keyType() == 0 || map.valueType() == 0) return Optional.empty();
        return kind(types.type(map.valueType()))
                .flatMap(kind -> Members.of(types.type(map.keyType()), types)
                        .map(key -> new ExportedMap(map.name().substring(PREFIX.length()), map, kind, key)));
    }

    private static Optional<Kind> kind(Type value) {
        return switch (value) {
            case Type.Int(int size, boolean signed) when size == 8 -> Optional.of(signed ? Kind.LEVEL : Kind.COUNT);
            case Type.Array(Type.Int(int size, boolean signed), int slots)
            when size == 8 && !signed && slots <= MOST_SLOTS -> Optional.of(Kind.HISTOGRAM);
            default -> Optional.empty();
        };
    }
}
