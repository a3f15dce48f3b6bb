package dev.spandrel.probe.live.show;

import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.live.session.Maps;
import dev.spandrel.probe.type.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts entries together whose keys differ in the kernel and mean the same: cgroups of one workload. */
final class CanonicalKeys {
    private final Owners owners;
    private final Map<String, Long> first = new HashMap<>();

    CanonicalKeys(Owners owners) {
        this.owners = owners;
    }

    /** Slots of entries that are one become slots of that one. */
    static List<Maps.Entry> merged(List<Maps.Entry> entries, List<Type> types, Owners owners) {
        if (types.stream().noneMatch(CanonicalKeys::varies)) return entries;
        var canonical = new CanonicalKeys(owners);
        Map<ByteBuffer, List<byte[]>> slots = new LinkedHashMap<>();
        for (var entry : entries) {
            var key = entry.key().clone();
            canonical.all(types, key, 0);
            slots.computeIfAbsent(ByteBuffer.wrap(key), k -> new ArrayList<>()).addAll(entry.slots());
        }
        var merged = new ArrayList<Maps.Entry>();
        slots.forEach((key, all) -> merged.add(new Maps.Entry(key.array(), List.copyOf(all))));
        return merged;
    }

    private static boolean varies(Type type) {
        return type instanceof Type.Owner
                || type instanceof Type.Tuple(var parts) && parts.stream().anyMatch(CanonicalKeys::varies);
    }

    private void all(List<Type> types, byte[] key, int from) {
        int at = from;
        for (Type type : types) {
            one(type, key, at);
            at += type.stored();
        }
    }

    private void one(Type type, byte[] key, int at) {
        switch (type) {
            case Type.Tuple(var parts) -> all(parts, key, at);
            case Type.Owner(var level) -> {
                long cgroup = Bytes.of(key).getLong(at);
                Bytes.of(key).putLong(at, first.computeIfAbsent(level + owners.name(level, cgroup), n -> cgroup));
            }
            default -> {}
        }
    }
}
