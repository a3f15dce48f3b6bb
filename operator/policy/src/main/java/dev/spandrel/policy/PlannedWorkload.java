package dev.spandrel.policy;

import dev.spandrel.contract.v1.Later;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.Inventory.Entry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workload of the inventory, and the plan that it shares with others. It is spelled out as a message when an agent is told about it: of a hundred thousand pods few are at a time, and the messages of all would
 * be most of an operator's memory.
 *
 * @param known digest of the entry's part of the message
 */
public record PlannedWorkload(Entry entry, Plan plan, Digest known) {
    /** @param before of the same id: of an entry that is the same, only the plan can be another */
    static PlannedWorkload of(Entry entry, Plan plan, @Nullable PlannedWorkload before) {
        return new PlannedWorkload(
                entry,
                plan,
                before != null && before.entry == entry
                        ? before.known
                        : Digest.of(message(entry).build()));
    }

    /** As spelled out before; which policies it is from is not known any more. */
    public static PlannedWorkload of(Workload message) {
        Inventory.Place place = message.hasCgroupPath()
                ? new Inventory.Place.Cgroup(message.getCgroupPath())
                : new Inventory.Place.PodUid(message.getPodUid());
        Entry entry = new Entry(
                message.getId(), "", "", place, Map.of(), message.getAttributesMap(), message.getContainersMap());
        return of(entry, Plan.of(message.getConfig(), message.getLaterList(), Map.of(), Optional.empty()), null);
    }

    public String id() {
        return entry.id();
    }

    public TraceConfig config() {
        return plan.config();
    }

    public List<Later> later() {
        return plan.later();
    }

    /** Those that select it. */
    public Set<Policy.Key> policies() {
        return plan.shares().keySet();
    }

    /** Whether the same is to be done there, whatever is known of it besides. */
    public boolean isDoneAlike(PlannedWorkload other) {
        return plan.digest().equals(other.plan.digest());
    }

    /** Whether an agent would be told the same. */
    public boolean isToldAlike(PlannedWorkload other) {
        return isDoneAlike(other) && known.equals(other.known);
    }

    public Workload message() {
        return message(entry).setConfig(plan.config()).addAllLater(plan.later()).build();
    }

    /** Who it is, without what is to be done there. */
    static Workload.Builder message(Entry entry) {
        Workload.Builder workload = Workload.newBuilder().setId(entry.id()).putAllContainers(entry.containers());
        entry.attributes().forEach(workload::putAttributes); // made once: to put all asks for them one by one
        switch (entry.place()) {
            case Inventory.Place.PodUid(String uid) -> workload.setPodUid(uid);
            case Inventory.Place.Cgroup(String path) -> workload.setCgroupPath(path);
        }
        return workload;
    }
}
