package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.Checked;
import dev.spandrel.probe.check.Instance.Point;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.output.Action;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.output.MapSpec.Kind;
import dev.spandrel.probe.output.RecordHead;
import dev.spandrel.probe.syntax.Program.MapDeclaration;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all programs of one source share: maps, actions, names of attach points, formats. */
final class Tables {
    private static final int RING_BYTES = 4 << 20;
    private static final int STACKS = 1 << 14;
    private static final int MANAGED_RING_BYTES = 1 << 18;
    private static final int MANAGED_STACKS = 1 << 11;
    private static final int SELECTED = 1 << 13;

    final Map<String, MapSpec> maps = new LinkedHashMap<>();
    final List<Action> actions = new ArrayList<>();
    final List<Point> points = new ArrayList<>();
    final List<String> timeFormats = new ArrayList<>();
    final boolean managed;
    final int headBytes;

    /** Possible ones of the machine. */
    final int cpus;

    Tables(Checked checked) {
        cpus = checked.structs().cpus();
        managed = checked.options().selection().managed().isPresent();
        headBytes = managed ? RecordHead.MANAGED : RecordHead.PLAIN;
        for (var shape : checked.maps().values())
            maps.put(
                    shape.name(),
                    spec(
                            managed && shape.value() instanceof Aggregate ? byCgroup(shape) : shape,
                            entries(shape, checked.options())));
    }

    private static int entries(Checked.MapShape shape, Options options) {
        int most = options.selection().managed().map(Options.Managed::mostKeys).orElse(Integer.MAX_VALUE);
        return shape.declared().map(d -> Math.min(d.keys(), most)).orElse(options.mapEntries());
    }

    /** Whose it is comes first in the key. */
    private static Checked.MapShape byCgroup(Checked.MapShape shape) {
        var keys = new ArrayList<Type>(List.of(Type.UINT64));
        keys.addAll(shape.keys());
        return new Checked.MapShape(shape.name(), List.copyOf(keys), shape.value(), shape.declared());
    }

    private static MapSpec spec(Checked.MapShape shape, int entries) {
        boolean aggregate = shape.value() instanceof Aggregate;
        boolean bucketed = shape.value() instanceof Aggregate a && a.bucketed();
        int keyBytes = shape.keys().stream().mapToInt(Type::stored).sum() + (bucketed ? 8 : 0);
        var described = Optional.of(new MapSpec.Shape(shape.keys(), shape.value()));
        if (inArray(shape))
            return new MapSpec(shape.name(), Kind.PERCPU_ARRAY, 4, shape.value().stored(), 1, described, Map.of());
        boolean givesWay =
                shape.declared().filter(MapDeclaration::leastRecentlyUsed).isPresent();
        var kind =
                aggregate ? givesWay ? Kind.LRU_PERCPU_HASH : Kind.PERCPU_HASH : givesWay ? Kind.LRU_HASH : Kind.HASH;
        return new MapSpec(
                shape.name(),
                kind,
                keyBytes == 0 ? 8 : keyBytes,
                Math.max(8, shape.value().stored()),
                entries,
                described,
                Map.of());
    }

    /** Without a key, and its slots tell whether anything was added. */
    private static boolean inArray(Checked.MapShape shape) {
        return shape.keys().isEmpty()
                && (shape.value() instanceof Aggregate.Count
                        || shape.value() instanceof Aggregate.Average
                        || shape.value() instanceof Aggregate.Extreme);
    }

    int action(Action action) {
        int known = actions.indexOf(action);
        if (known >= 0) return known;
        actions.add(action);
        return actions.size() - 1;
    }

    int timeFormat(String format) {
        if (!timeFormats.contains(format)) timeFormats.add(format);
        return timeFormats.indexOf(format);
    }

    String ring() {
        own(MapSpec.RING, Kind.RING, 0, 0, managed ? MANAGED_RING_BYTES : RING_BYTES);
        own(MapSpec.LOST, Kind.PERCPU_ARRAY, 4, 8, 1);
        return MapSpec.RING;
    }

    String gate() {
        return own(MapSpec.GATE, Kind.ARRAY, 4, 8, 1);
    }

    String selected() {
        return own(MapSpec.SELECTED, Kind.HASH, 8, 8, SELECTED);
    }

    String full() {
        return own(MapSpec.FULL, Kind.PERCPU_ARRAY, 4, 8, 1);
    }

    String start() {
        return own(MapSpec.START, Kind.ARRAY, 4, 8, 1);
    }

    String cgroups() {
        return own(MapSpec.CGROUPS, Kind.CGROUPS, 4, 4, 1);
    }

    String given(String name) {
        return own(name, Kind.GIVEN, 4, 8, 1);
    }

    String stacks(Type.Stack stack) {
        return own(MapSpec.stacks(stack), Kind.STACKS, 4, 8 * stack.depth(), managed ? MANAGED_STACKS : STACKS);
    }

    String scratch(int program, int bytes) {
        String name = MapSpec.SCRATCH + program;
        var before = maps.get(name);
        int most = before == null ? bytes : Math.max(bytes, before.valueBytes());
        maps.put(name, new MapSpec(name, Kind.PERCPU_ARRAY, 4, most, 1, Optional.empty(), Map.of()));
        return name;
    }

    String syscalls(int program, Map<Integer, Long> names) {
        String name = MapSpec.SYSCALLS + program;
        int entries = names.keySet().stream().mapToInt(n -> n + 1).max().orElse(1);
        maps.put(name, new MapSpec(name, Kind.ARRAY, 4, 8, entries, Optional.empty(), Map.copyOf(names)));
        return name;
    }

    private String own(String name, Kind kind, int key, int value, int entries) {
        maps.putIfAbsent(name, new MapSpec(name, kind, key, value, entries, Optional.empty(), Map.of()));
        return name;
    }
}
