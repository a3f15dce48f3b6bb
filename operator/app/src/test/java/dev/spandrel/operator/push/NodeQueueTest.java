package dev.spandrel.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Acknowledgement;
import dev.spandrel.contract.v1.Capability;
import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.NodeStatus;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.policy.NodeTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class NodeQueueTest {
    private final List<Push> pushed = new ArrayList<>();
    private final Consumer<Push> stream = pushed::add;
    private long now;
    private final NodeQueue queue = new NodeQueue(() -> now);

    @Test
    void theFirstPushIsFull() {
        NodeTarget config = Configs.of("a=1", "b=2");
        connect("");
        queue.target(config);

        assertThat(pushed).hasSize(1);
        assertThat(last().getFull()).isTrue();
        assertThat(last().getVersion()).isEqualTo(config.version());
        assertThat(last().getWorkloadsList()).isEqualTo(config.config().getWorkloadsList());
    }

    @Test
    void whoUnderstandsItIsToldWhetherPoliciesMaySelectWhatComes() {
        queue.standby(true);
        queue.target(Configs.of());
        connect("");
        assertThat(pushed).as("one that does not").noneMatch(Push::hasStandby);
        pushed.clear();

        queue.connected(
                Hello.newBuilder()
                        .addCapabilities(Capability.CAPABILITY_STANDBY)
                        .setHeldVersion(Configs.of().version())
                        .build(),
                stream);
        queue.standby(true);
        queue.standby(false);
        assertThat(pushed).extracting(push -> push.getStandby().getLoaded()).containsExactly(true, false);
        assertThat(pushed)
                .as("and is to answer nothing")
                .allMatch(push -> push.getNonce().isEmpty());
    }

    @Test
    void whatIsLostIsKnownAtOnceFromAStreamsFirstReportAndLaterWhenItIsPublished() {
        connect("");
        assertThat(queue.reported(stream, lost(0))).as("the first").isTrue();
        assertThat(queue.reported(stream, lost(3))).as("later").isFalse();
        assertThat(queue.progress().lost()).containsExactly(Map.entry("gap", 0L));
        assertThat(queue.publishLosses()).isTrue();
        assertThat(queue.publishLosses()).isFalse();
        assertThat(queue.progress().lost()).containsExactly(Map.entry("gap", 3L));

        connect("");
        assertThat(queue.progress().lost()).as("until the new stream says").containsExactly(Map.entry("gap", 3L));
        assertThat(queue.reported(stream, lost(5))).isTrue();
        assertThat(queue.progress().lost()).containsExactly(Map.entry("gap", 5L));
        assertThat(queue.reported(_ -> {}, lost(9)))
                .as("a stream that was replaced")
                .isFalse();
    }

    @Test
    void driftIsMadeKnownAtOnceWhenItComesAndWhenItGoes() {
        connect("");
        queue.reported(stream, lost(0));
        assertThat(queue.reported(
                        stream, NodeStatus.newBuilder().addDrifted("a").build()))
                .isTrue();
        assertThat(queue.progress().drifted()).containsExactly("a");
        assertThat(queue.reported(
                        stream,
                        NodeStatus.newBuilder().addDrifted("a").setGeneration(2).build()))
                .isFalse();
        assertThat(queue.reported(stream, lost(0))).isTrue();
        assertThat(queue.progress().drifted()).isEmpty();
    }

    @Test
    void whatAnAgentKnowsIsWhatItSaysAndOtherwiseTheFirstContract() {
        connect("");
        TraceConfig config =
                TraceConfig.newBuilder().setThreshold(1).setByChance(true).build();
        assertThat(queue.progress().known().missing(config)).isEmpty();
        queue.connected(Hello.newBuilder().addKnownFields(5).build(), stream);
        assertThat(queue.progress().known().missing(config)).containsExactly("by_chance");
        assertThat(KnownFields.ALL.missing(config)).isEmpty();
    }

    private static NodeStatus lost(long gaps) {
        return NodeStatus.newBuilder().putLost("gap", gaps).build();
    }

    @Test
    void nothingIsPushedBeforeATargetIsKnown() {
        connect("");
        assertThat(pushed).isEmpty();
    }

    @Test
    void whileOneIsOutstandingNewerOnesMergeAndTheAcknowledgementLetsTheLastGo() {
        connect("");
        queue.target(Configs.of("a=1", "b=1"));
        queue.target(Configs.of("a=2", "b=1"));
        queue.target(Configs.of("b=1", "c=3"));
        assertThat(pushed).hasSize(1);

        acknowledge();
        assertThat(pushed).hasSize(2);
        assertThat(last().getFull()).isFalse();
        assertThat(last().getWorkloadsList()).extracting(Workload::getId).containsExactly("c");
        assertThat(last().getRemovedList()).containsExactly("a");
        assertThat(pushed).extracting(Push::getNonce).doesNotHaveDuplicates();

        acknowledge();
        assertThat(pushed).hasSize(2);
        assertThat(queue.progress().acknowledged()).contains(Configs.of("b=1", "c=3"));
    }

    @Test
    void aTargetThatGoesThereAndBackWhileOneIsOutstandingIsNotPushedAgain() {
        connect("");
        queue.target(Configs.of("a=1"));
        queue.target(Configs.of("a=2"));
        queue.target(Configs.of("a=1"));
        acknowledge();
        assertThat(pushed).hasSize(1);
    }

    @Test
    void whatAnAgentHoldsIsNotPushedAgain() {
        NodeTarget config = Configs.of("a=1");
        connect(config.version());
        queue.target(config);

        assertThat(pushed).isEmpty();
        assertThat(queue.progress().acknowledged()).contains(config);

        queue.target(Configs.of("a=1", "b=1"));
        assertThat(last().getFull()).isFalse();
        assertThat(last().getWorkloadsList()).extracting(Workload::getId).containsExactly("b");
    }

    @Test
    void anAgentThatComesBackWithSomethingElseGetsAllOfIt() {
        connect("");
        queue.target(Configs.of("a=1"));
        acknowledge();
        queue.disconnected(stream);
        connect("of another time");

        assertThat(pushed).hasSize(2);
        assertThat(last().getFull()).isTrue();
    }

    @Test
    void aPushThatWasLostWithItsStreamIsMadeAgain() {
        connect("");
        queue.target(Configs.of("a=1"));
        queue.disconnected(stream);
        queue.target(Configs.of("a=2"));
        assertThat(pushed).hasSize(1);

        connect("");
        assertThat(pushed).hasSize(2);
        assertThat(last().getVersion()).isEqualTo(Configs.of("a=2").version());
    }

    @Test
    void rejectionsAreRememberedUntilTheNextAnswer() {
        connect("");
        queue.target(Configs.of("a=1", "b=1"));
        Rejection rejection = Rejection.newBuilder()
                .setWorkloadId("b")
                .setReason("CgroupNotFound")
                .build();
        queue.acknowledged(
                stream,
                Acknowledgement.newBuilder()
                        .setNonce(last().getNonce())
                        .addRejected(rejection)
                        .build());
        assertThat(queue.progress().rejected()).containsOnlyKeys("b");
        assertThat(pushed).as("not pushed again at once").hasSize(1);

        queue.target(Configs.of("a=1", "b=2"));
        acknowledge();
        assertThat(queue.progress().rejected()).isEmpty();
    }

    @Test
    void anAnswerToNothingIsIgnored() {
        connect("");
        queue.target(Configs.of("a=1"));
        Acknowledgement stray =
                Acknowledgement.newBuilder().setNonce("of another stream").build();
        assertThat(queue.acknowledged(stream, stray)).isEmpty();
        assertThat(queue.progress().acknowledged()).isEmpty();
    }

    @Test
    void aNewStreamReplacesTheOldOneWhoseEndThenMeansNothing() {
        connect("");
        Consumer<Push> newer = _ -> {};
        assertThat(queue.connected(Hello.getDefaultInstance(), newer)).contains(stream);
        assertThat(queue.disconnected(stream)).isFalse();
        assertThat(queue.progress().disconnectedNanos()).isEmpty();
    }

    @Test
    void tellsForHowLongNoAgentHasBeenThere() {
        now = 7;
        assertThat(queue.progress().disconnectedNanos()).contains(7L);
        connect("");
        now = 10;
        queue.disconnected(stream);
        now = 15;
        assertThat(queue.progress().disconnectedNanos()).contains(5L);
    }

    private void connect(String held) {
        queue.connected(Hello.newBuilder().setHeldVersion(held).build(), stream);
    }

    @Test
    void anAcknowledgementIsAboutWhatWasPushed() {
        connect("");
        queue.target(Configs.of("a=1", "b=1 by q"));
        assertThat(acknowledge()).contains(heardOf("p", "q"));
        queue.target(Configs.of("a=1", "b=2 by q"));
        assertThat(acknowledge()).contains(heardOf("q"));
        queue.target(Configs.of("b=2 by q"));
        assertThat(acknowledge()).contains(heardOf("p"));
    }

    @Test
    void rejectionsThatChangeMayBeAboutAnyWorkload() {
        connect("");
        queue.target(Configs.of("a=1"));
        Acknowledgement refusal = Acknowledgement.newBuilder()
                .setNonce(last().getNonce())
                .addRejected(Rejection.newBuilder().setWorkloadId("b"))
                .build();
        assertThat(queue.acknowledged(stream, refusal)).contains(Heard.ofAll(""));
        queue.target(Configs.of("a=2"));
        assertThat(acknowledge()).contains(Heard.ofAll(""));
        assertThat(Heard.ofAll("").and(heardOf("p"))).isEqualTo(Heard.ofAll(""));
        assertThat(heardOf("p").and(heardOf("q"))).isEqualTo(heardOf("p", "q"));
    }

    private static Heard heardOf(String... policies) {
        return Heard.of("", Arrays.stream(policies).map(Configs::policy).collect(Collectors.toSet()));
    }

    private Optional<Heard> acknowledge() {
        return queue.acknowledged(
                stream, Acknowledgement.newBuilder().setNonce(last().getNonce()).build());
    }

    private Push last() {
        return pushed.getLast();
    }
}
