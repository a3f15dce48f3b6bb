package dev.spandrel.policy;

import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.policy.PolicyResult.Conflict;
import dev.spandrel.policy.PolicyResult.Expiry;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.TreePMap;

/** Collects what becomes of one policy while the inventory is walked. */
final class ResultBuilder {
    private final List<Problem> problems;
    private final Optional<Expiry> expiry;
    private final SortedMap<String, Set<String>> inForce = new TreeMap<>();
    private final SortedMap<Policy.Key, Conflict> conflicts = new TreeMap<>();
    private final SortedMap<Policy.Key, SortedSet<String>> fences = new TreeMap<>();
    private final Set<TraceConfig> configs = new HashSet<>();
    private final Set<Digest> own = new HashSet<>();

    private int selected;

    private ResultBuilder(List<Problem> problems, Optional<Expiry> expiry) {
        this.problems = problems;
        this.expiry = expiry;
    }

    static ResultBuilder of(Policy policy, Scope scope, Instant now) {
        List<Problem> problems = SpecCheck.problems(policy, scope);
        return new ResultBuilder(
                problems,
                problems.isEmpty()
                        ? policy.expiresAt().map(end -> new Expiry(end, policy.isExpired(now)))
                        : Optional.empty());
    }

    /** Valid, and not over. */
    boolean isCandidate() {
        return problems.isEmpty() && expiry.filter(Expiry::over).isEmpty();
    }

    void selects(Inventory.Entry entry, Chain.Share share, TraceConfig config) {
        selected++;
        share.lostTo().forEach((older, fields) -> conflicts.merge(older, new Conflict(1, fields), Conflict::plus));
        if (share.inForce()) {
            inForce.computeIfAbsent(entry.node(), _ -> new TreeSet<>()).add(entry.id());
            configs.add(config);
            own.add(share.own());
        }
    }

    void fenced(Effective.Fence fence) {
        fences.computeIfAbsent(fence.by(), _ -> new TreeSet<>()).addAll(fence.refused());
    }

    PolicyResult build() {
        return new PolicyResult(
                problems,
                expiry,
                selected,
                TreePMap.from(inForce),
                conflicts,
                fences,
                SampledShare.of(configs),
                configHash(own));
    }

    /** Empty without any. */
    static String configHash(Set<Digest> own) {
        if (own.isEmpty()) {
            return "";
        }
        ByteBuffer digests = ByteBuffer.allocate(Digest.BYTES * own.size());
        own.stream().sorted().forEach(digest -> digest.appendTo(digests));
        return Digest.of(digests.flip()).hex();
    }
}
