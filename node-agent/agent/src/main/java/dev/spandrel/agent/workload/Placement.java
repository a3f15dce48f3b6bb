package dev.spandrel.agent.workload;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where workloads are in the cgroup tree. Pure; built from one view of the tree. */
public final class Placement {
    private static final String POD = "pod";
    private static final String SLICE = ".slice";

    private final Map<String, Cgroup> byPath = new HashMap<>();
    private final Map<String, Cgroup> byPodUid = new HashMap<>();

    public Placement(Collection<Cgroup> tree) {
        for (var cgroup : tree) {
            byPath.put(cgroup.path(), cgroup);
            podUid(cgroup.name()).ifPresent(uid -> byPodUid.merge(uid, cgroup, Placement::higher));
        }
    }

    public Optional<Cgroup> of(dev.spandrel.contract.v1.Workload workload) {
        return switch (workload.getPlaceCase()) {
            case POD_UID ->
                Optional.ofNullable(byPodUid.get(workload.getPodUid().replace('_', '-')));
            case CGROUP_PATH -> Optional.ofNullable(byPath.get(workload.getCgroupPath()));
            case PLACE_NOT_SET -> Optional.empty();
        };
    }

    /** {@code pod<uid>} under the cgroupfs driver, {@code …-pod<uid with _>.slice} under systemd's. */
    static Optional<String> podUid(String name) {
        int at = name.lastIndexOf(POD);
        if (at < 0) return Optional.empty();
        int end = name.endsWith(SLICE) ? name.length() - SLICE.length() : name.length();
        var uid =
                at + POD.length() < end ? name.substring(at + POD.length(), end).replace('_', '-') : "";
        return uid.isEmpty() ? Optional.empty() : Optional.of(uid);
    }

    private static Cgroup higher(Cgroup a, Cgroup b) {
        return a.path().length() <= b.path().length() ? a : b;
    }
}
