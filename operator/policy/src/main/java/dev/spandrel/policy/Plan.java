package dev.spandrel.policy;

import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.policy.Chain.Share;
import java.util.Map;

/** What a chain is compiled to; most workloads share theirs with others. */
record Plan(TraceConfig config, Map<Policy.Key, Share> shares) {
    static Plan of(Chain chain) {
        return new Plan(new Effective(chain.policies()).config(), chain.shares());
    }
}
