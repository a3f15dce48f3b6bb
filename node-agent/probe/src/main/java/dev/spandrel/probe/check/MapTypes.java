package dev.spandrel.probe.check;

import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of the program's maps and parameters so far. Passes over the program repeat until nothing new is found out. */
final class MapTypes {
    private final Map<String, List<Type>> keys = new LinkedHashMap<>();
    private final Map<String, Type> values = new LinkedHashMap<>();
    private final Set<String> asked = new HashSet<>();
    private boolean changed;

    /** Names of parameters that the program asks for. */
    Set<String> asked() {
        return asked;
    }

    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    Type value(String map) {
        return values.getOrDefault(map, new Type.Unknown());
    }

    @Nullable
    List<Type> keys(String map) {
        return keys.get(map);
    }

    List<String> names() {
        return List.copyOf(keys.keySet());
    }

    /** False: the keys are of another number or kind than before. */
    boolean seeKeys(String map, List<Type> found) {
        var before = keys.get(map);
        if (before == null) {
            if (found.stream().anyMatch(Type.Unknown.class::isInstance)) return true;
            keys.put(map, found);
            changed = true;
            return true;
        }
        if (before.size() != found.size()) return false;
        var merged = new ArrayList<Type>();
        for (int i = 0; i < found.size(); i++) {
            var both = merge(before.get(i), found.get(i));
            if (both == null) return false;
            merged.add(both);
        }
        if (!merged.equals(before)) {
            keys.put(map, List.copyOf(merged));
            changed = true;
        }
        return true;
    }

    /** False: the map holds something else. */
    boolean seeValue(String map, Type found) {
        var before = values.get(map);
        if (found instanceof Type.Unknown) return true;
        var both = before == null ? found : merge(before, found);
        if (both == null) return false;
        if (!both.equals(before)) {
            values.put(map, both);
            changed = true;
        }
        return true;
    }

    /** The type that holds both; null if there is none. */
    static @Nullable Type merge(Type a, Type b) {
        if (a.equals(b) || b instanceof Type.Unknown) return a;
        if (a instanceof Type.Unknown) return b;
        if (a instanceof Type.Int(int s, boolean signed) && b instanceof Type.Int(int t, var _))
            return new Type.Int(Math.max(s, t), signed);
        if (a instanceof Type.Text(int s) && b instanceof Type.Text(int t)) return new Type.Text(Math.max(s, t));
        if (a instanceof Type.Bytes(int s) && b instanceof Type.Bytes(int t)) return new Type.Bytes(Math.max(s, t));
        if (a instanceof Type.Pointer && b instanceof Type.Pointer) return a;
        if (a instanceof Type.Pointer && b.isInt()) return a;
        if (a.isInt() && b instanceof Type.Pointer) return b;
        if (a instanceof Type.Tuple(var x) && b instanceof Type.Tuple(var y) && x.size() == y.size()) {
            var parts = new ArrayList<Type>();
            for (int i = 0; i < x.size(); i++) {
                var part = merge(x.get(i), y.get(i));
                if (part == null) return null;
                parts.add(part);
            }
            return new Type.Tuple(List.copyOf(parts));
        }
        return null;
    }
}
