package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.at;
import static dev.spandrel.agent.control.Workloads.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldTest {
    private final NodeConfig held = node(at("/a"), at("/b"));

    @Test
    void aDeltaChangesAddsAndRemoves() {
        var changed = at("/b", config -> config.setThreshold(3));
        var merged = Held.merge(
                held,
                Push.newBuilder()
                        .setVersion("v2")
                        .addWorkloads(at("/c"))
                        .addWorkloads(changed)
                        .addRemoved("cgroup/a")
                        .build());

        assertThat(merged.getVersion()).isEqualTo("v2");
        assertThat(merged.getWorkloadsList()).containsExactly(changed, at("/c"));
    }

    @Test
    void probesAreMergedAsWorkloadsAre() {
        var opens = ProbeSetConfig.newBuilder().setName("shop/opens").build();
        var fsync = ProbeSetConfig.newBuilder().setName("shop/fsync").build();
        var first = Held.merge(
                held,
                Push.newBuilder()
                        .addProbeSets(opens)
                        .addProbeSets(fsync)
                        .addProbed(at("/p"))
                        .build());
        var attached = fsync.toBuilder().setAttach(true).build();
        var second = Held.merge(
                first,
                Push.newBuilder()
                        .addProbeSets(attached)
                        .addRemovedProbeSets("shop/opens")
                        .addRemovedProbed("cgroup/p")
                        .addProbed(at("/q"))
                        .build());

        assertThat(second.getProbeSetsList()).containsExactly(attached);
        assertThat(second.getProbedList()).containsExactly(at("/q"));
        assertThat(second.getWorkloadsList()).isEqualTo(held.getWorkloadsList());
    }

    @Test
    void aFullPushReplacesEverything() {
        var merged = Held.merge(
                held, Push.newBuilder().setFull(true).addWorkloads(at("/c")).build());

        assertThat(merged.getWorkloadsList()).extracting(Workload::getId).containsExactly("cgroup/c");
    }

    @Test
    void aRejectedConfigIsNotHeldSoThatItComesAgain() {
        var rejection = Rejections.TOO_MANY_RULES.of(at("/a"), "too many");

        assertThat(Held.after(held, outcome(List.of())).getVersion()).isEqualTo(held.getVersion());
        assertThat(Held.after(held, new Outcome("", 1, 1, 0, List.of(), List.of(rejection)))
                        .getVersion())
                .isEmpty();
    }

    @Test
    void whatIsSavedIsLoadedAndWhatIsBrokenIsNone(@TempDir Path directory) throws Exception {
        var file = new StateFile(directory.resolve("made"));
        assertThat(file.load()).isEmpty();
        file.save(held);
        file.save(node(at("/c")));
        assertThat(file.load()).contains(node(at("/c")));

        Files.write(directory.resolve("made/node-config.binpb"), new byte[] {1, 2, 3});
        assertThat(file.load()).isEmpty();
    }

    private static Outcome outcome(List<dev.spandrel.contract.v1.Rejection> rejected) {
        return new Outcome("", 1, 1, 1, List.of(), rejected);
    }
}
