package dev.spandrel.policy;

import dev.spandrel.contract.v1.Later;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.Chain.Share;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a chain is compiled to; most workloads share theirs with others.
 *
 * @param later what the config becomes as policies of the chain end by themselves
 * @param digest of its part of a workload's message
 */
record Plan(
        TraceConfig config,
        List<Later> later,
        Map<Policy.Key, Share> shares,
        Optional<Effective.Fence> fence,
        Digest digest) {
    /** For what no policy selects. */
    static final Plan NONE = of(TraceConfig.getDefaultInstance(), List.of(), Map.of(), Optional.empty());

    static Plan of(Chain chain) {
        Effective effective = new Effective(chain.policies());
        TraceConfig now = effective.config();
        return of(now, later(chain, now), chain.shares(), effective.fence());
    }

    static Plan of(
            TraceConfig config, List<Later> later, Map<Policy.Key, Share> shares, Optional<Effective.Fence> fence) {
        Workload part =
                Workload.newBuilder().setConfig(config).addAllLater(later).build();
        return new Plan(config, later, shares, fence, Digest.of(part));
    }

    /** What of a policy holds; empty if it is not of the chain. */
    Optional<Digest> own(Policy.Key policy) {
        return Optional.ofNullable(shares.get(policy)).map(Share::own);
    }

    private static List<Later> later(Chain chain, TraceConfig now) {
        List<Instant> ends = chain.policies().stream()
                .flatMap(policy -> policy.expiresAt().stream())
                .distinct()
                .sorted()
                .toList();
        List<Later> later = new ArrayList<>();
        Optional<TraceConfig> before = Optional.of(now);
        for (Instant end : ends) {
            List<Policy> left = chain.policies().stream()
                    .filter(policy -> !policy.isExpired(end))
                    .toList();
            Optional<TraceConfig> config = left.stream().allMatch(Policy::isFence)
                    ? Optional.empty()
                    : Optional.of(new Effective(left).config());
            if (!config.equals(before)) {
                Later.Builder next = Later.newBuilder().setAtUnixMillis(end.toEpochMilli());
                config.ifPresent(next::setConfig);
                later.add(next.build());
            }
            before = config;
        }
        return later;
    }
}
