package dev.spandrel.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Capability;
import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.crds.TracePolicySpec;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.Recompiler;
import dev.spandrel.policy.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NodesTest {
    private static final Policy POLICY =
            new Policy(new Policy.Key("shop", "web"), Instant.EPOCH, Instant.EPOCH, TracePolicySpec.EMPTY);

    private final List<Push> pushed = new ArrayList<>();
    private final Nodes nodes = new Nodes(() -> 0, _ -> {});
    private final Recompiler recompiler = new Recompiler(Scope.CLUSTER);

    private void compile(Policy... policies) {
        nodes.target(recompiler.compile(List.of(policies), Instant.EPOCH));
    }

    private List<Boolean> hints() {
        return pushed.stream()
                .filter(Push::hasStandby)
                .map(push -> push.getStandby().getLoaded())
                .toList();
    }

    /** Else an agent would unload its programs with the last pod, and load them when the next one already answers. */
    @Test
    void anAgentThatIsConnectedHearsOfTheFirstPolicyAndOfTheLast() {
        compile();
        nodes.queue("n")
                .connected(
                        Hello.newBuilder()
                                .setNode("n")
                                .addCapabilities(Capability.CAPABILITY_STANDBY)
                                .build(),
                        pushed::add);
        assertThat(hints()).containsExactly(false);
        compile(POLICY);
        compile(POLICY);
        assertThat(hints()).containsExactly(false, true);
        compile();
        assertThat(hints()).containsExactly(false, true, false);
    }
}
