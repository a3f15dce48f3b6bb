package dev.spandrel.probe.live.object;

import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.probe.live.facts.ObjectTypes;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Type;
import java.util.List;
import java.util.Optional;

/**
 * A ring buffer that an object gives out: {@code otel_NAME}, whose records are {@code struct NAME}.
 *
 * @param bytes of a record
 */
record ExportedRing(BpfMap map, int bytes, List<Layout.Member> members) {
    private static final String TIME = "ktime";

    /** Empty: there is no such struct, or it has members that are not read. */
    static Optional<ExportedRing> of(BpfMap map, ObjectTypes types) {
        String struct = "struct " + map.name().substring(ExportedMap.PREFIX.length());
        return types.layout(struct)
                .flatMap(layout -> Members.of(new Type.Struct(struct), types)
                        .map(members -> new ExportedRing(map, layout.size(), members)));
    }

    ObjectRecord read(byte[] content) {
        var values = Members.read(members, content);
        var time = values.attributes().remove(TIME);
        return new ObjectRecord(values.cgroup(), time instanceof Long nanos ? nanos : 0, values.attributes());
    }
}
