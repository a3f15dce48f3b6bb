package dev.spandrel.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.crds.TracePolicySpec;
import org.junit.jupiter.api.Test;

final class ClientsTest {
    @Test
    void aWordFromTheFutureDoesNotBreakTheWatch() {
        TracePolicy policy = Clients.serialization().unmarshal("""
                metadata: {name: x}
                spec: {roles: [Server, Peer], laterField: {a: 1}}
                status: {conditions: [{type: Accepted, status: "True", reason: LaterReason, message: m, lastTransitionTime: t}]}
                """, TracePolicy.class);
        assertThat(policy.getSpec().roles()).containsExactly(TracePolicySpec.Role.Server, null);
    }
}
