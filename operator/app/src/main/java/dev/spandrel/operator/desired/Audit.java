package dev.spandrel.operator.desired;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.operator.desired.Snapshot.Origin;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.PolicyResult;
import dev.spandrel.policy.PolicyResult.Expiry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who changed what is in force, and where: one entry for each policy that came, changed, ended or went. Pods coming and going are none. */
final class Audit {
    private Audit() {}

    /** What changed between two snapshots, each entry as the fields of a line. */
    static List<Map<String, Object>> entries(Snapshot before, Snapshot now) {
        SortedSet<Policy.Key> keys = new TreeSet<>(before.origins().keySet());
        keys.addAll(now.origins().keySet());
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Policy.Key key : keys) {
            Optional<Origin> was = Optional.ofNullable(before.origins().get(key));
            Optional<Origin> is = Optional.ofNullable(now.origins().get(key));
            boolean ended = is.isPresent() && isOver(now, key) && !isOver(before, key);
            if (ended || !was.equals(is)) {
                String change = ended ? "ended" : is.isEmpty() ? "deleted" : was.isEmpty() ? "applied" : "changed";
                entries.add(entry(key, before == Snapshot.NONE ? "found" : change, was, is, now));
            }
        }
        return entries;
    }

    private static Map<String, Object> entry(
            Policy.Key key, String change, Optional<Origin> was, Optional<Origin> is, Snapshot now) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("audit", TracePolicy.KIND);
        entry.put("policy", key.toString());
        entry.put("change", change);
        is.or(() -> was).ifPresent(origin -> {
            entry.put("uid", origin.uid());
            entry.put("generation", origin.generation());
        });
        is.ifPresent(origin -> {
            entry.put("manager", origin.manager());
            entry.put("changedAt", origin.changed().toString());
            entry.put("fields", changes(was.map(Origin::fields).orElseGet(TreeMap::new), origin.fields()));
            PolicyResult result = now.compilation().policies().get(key);
            entry.put("accepted", result.problems().isEmpty());
            entry.put("pods", result.workloads());
            entry.put("nodes", result.inForce().size());
            entry.put("sampling", result.sampling());
            entry.put("configHash", result.configHash());
        });
        return entry;
    }

    /** Field to its value before and now; empty where it is not set. */
    private static Map<String, List<String>> changes(SortedMap<String, String> before, SortedMap<String, String> now) {
        SortedSet<String> paths = new TreeSet<>(before.keySet());
        paths.addAll(now.keySet());
        Map<String, List<String>> changes = new TreeMap<>();
        for (String path : paths) {
            List<String> change = List.of(before.getOrDefault(path, ""), now.getOrDefault(path, ""));
            if (!change.getFirst().equals(change.getLast())) {
                changes.put(path, change);
            }
        }
        return changes;
    }

    private static boolean isOver(Snapshot snapshot, Policy.Key key) {
        PolicyResult result = snapshot.compilation().policies().get(key);
        return result != null && result.expiry().filter(Expiry::over).isPresent();
    }
}
