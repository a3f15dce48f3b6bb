package dev.spandrel.policy;

import dev.spandrel.contract.v1.Later;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.Inventory.Entry;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
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

    /**
     * As spelled out before.
     *
     * @param by policies that it is from, each in all
     */
    public static PlannedWorkload of(Workload message, Policy.Key... by) {
        Inventory.Place place = message.hasCgroupPath()
                ? new Inventory.Place.Cgroup(message.getCgroupPath())
                : new Inventory.Place.PodUid(message.getPodUid());
        Entry entry = new Inventory.Other(
                message.getId(), "", "", place, Map.of(), message.getAttributesMap(), message.getContainersMap());
        TraceConfig config = message.getConfig();
        Chain.Share share = new Chain.Share(true, Digest.of(config), config, new TreeMap<>());
        Map<Policy.Key, Chain.Share> shares =
                Arrays.stream(by).collect(Collectors.toMap(Function.identity(), _ -> share));
        return of(entry, Plan.of(config, message.getLaterList(), shares, Optional.empty()), null);
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

    /** Whether what is done there because of one policy is the same; others may have come between. */
    public boolean isDoneAlike(PlannedWorkload other, Policy.Key by) {
        return isDoneAlike(other) || plan.own(by).equals(other.plan.own(by));
    }

    /** What the policy would have done there if it were alone; nothing, if it does not select it. */
    public TraceConfig alone(Policy.Key by) {
        Chain.Share share = plan.shares().get(by);
        return share == null ? TraceConfig.getDefaultInstance() : share.alone();
    }

    /** Those because of which another thing is done there than before; of no workload before all, and likewise the other way. */
    public static Set<Policy.Key> apart(@Nullable PlannedWorkload before, @Nullable PlannedWorkload after) {
        if (before == null || after == null) {
            return before != null ? before.policies() : after != null ? after.policies() : Set.of();
        }
        if (before.isDoneAlike(after)) {
            return Set.of();
        }
        Set<Policy.Key> apart = new HashSet<>(before.policies());
        apart.addAll(after.policies());
        apart.removeIf(policy -> before.isDoneAlike(after, policy));
        return apart;
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
        Workload.Builder workload = Workload.newBuilder().setId(entry.id());
        entry.containerNames().forEach(workload::putContainers);
        entry.attributes().forEach(workload::putAttributes);
        switch (entry.place()) {
            case Inventory.Place.PodUid(String uid) -> workload.setPodUid(uid);
            case Inventory.Place.Cgroup(String path) -> workload.setCgroupPath(path);
        }
        return workload;
    }
}
