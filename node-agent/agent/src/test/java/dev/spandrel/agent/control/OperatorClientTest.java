package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.at;
import static dev.spandrel.agent.control.Workloads.match;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.program.SensorListener;
import dev.spandrel.agent.program.Sensors;
import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.contract.v1.Capability;
import dev.spandrel.contract.v1.HeldValues;
import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.NodeStatus;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.ReadBack;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Report.KindCase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stream's discipline, on a kernel that can do nothing: every workload is rejected with that reason. */
class OperatorClientTest implements SensorListener {
    private static final Hello HELLO =
            Hello.newBuilder().setNode("n1").setAgentVersion("test").build();

    @TempDir
    Path mount;

    @TempDir
    Path state;

    private FakeOperator operator;
    private CgroupTree tree;
    private Control control;
    private OperatorClient client;
    private volatile NodeStatus status =
            NodeStatus.newBuilder().setGeneration(1).build();

    @BeforeEach
    void open() throws Exception {
        operator = new FakeOperator(0);
        tree = new CgroupTree(mount);
        start();
    }

    private void start() {
        start(Optional.empty());
    }

    private void start(Optional<Duration> offAfter) {
        var sensors = new Sensors(new Backend.Choice.None("no BPF here"), this, sensor -> List.of());
        control = new Control(sensors, tree, new WorkloadIndex(), InstantSource.system());
        client = new OperatorClient(
                OperatorAddress.of("localhost:" + operator.port(), Optional.empty()),
                HELLO,
                control,
                _ -> CompletableFuture.completedFuture(List.of()),
                new StateFile(state),
                () -> status,
                offAfter,
                Turn.ALONE);
        client.start();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        control.close();
        tree.close();
        operator.close();
    }

    @Test
    void everyPushIsAnsweredByItsNonce() throws Exception {
        var hello = operator.report(KindCase.HELLO).getHello();
        assertThat(hello.getNode()).isEqualTo("n1");
        assertThat(hello.getHeldVersion()).isEmpty();
        var stream = operator.stream();

        stream.onNext(push("1", "v1").setFull(true).build());
        stream.onNext(push("2", "v2").addWorkloads(at("/a")).build());

        var first = operator.report(KindCase.ACKNOWLEDGEMENT).getAcknowledgement();
        assertThat(first.getNonce()).isEqualTo("1");
        assertThat(first.getVersion()).isEqualTo("v1");
        assertThat(first.getRejectedList()).isEmpty();
        var second = operator.report(KindCase.ACKNOWLEDGEMENT).getAcknowledgement();
        assertThat(second.getNonce()).isEqualTo("2");
        assertThat(second.getGeneration()).isEqualTo(2);
        assertThat(second.getRejectedList())
                .singleElement()
                .extracting(Rejection::getWorkloadId, Rejection::getReason, Rejection::getMessage)
                .containsExactly("cgroup/a", "UnsupportedKernel", "no BPF here");
    }

    @Test
    void aQuestionIsAnsweredByItsIdAndChangesNothing() throws Exception {
        assertThat(operator.report(KindCase.HELLO).getHello().getCapabilitiesList())
                .containsExactly(
                        Capability.CAPABILITY_READ_BACK, Capability.CAPABILITY_STANDBY, Capability.CAPABILITY_PROBES);
        var stream = operator.stream();
        stream.onNext(push("1", "v1").setFull(true).build());
        stream.onNext(Push.newBuilder()
                .setReadBack(ReadBack.newBuilder().setId("q1").setPodUid("of-nobody"))
                .build());
        assertThat(operator.report(KindCase.HELD).getHeld())
                .isEqualTo(HeldValues.newBuilder()
                        .setId("q1")
                        .setVersion("v1")
                        .setGeneration(1)
                        .build());
        stream.onCompleted();
        assertThat(operator.report(KindCase.HELLO).getHello().getHeldVersion()).isEqualTo("v1");
    }

    @Test
    void afterABreakItSaysWhatItHolds() throws Exception {
        operator.stream().onNext(push("1", "v1").setFull(true).build());
        operator.report(KindCase.ACKNOWLEDGEMENT);
        int port = operator.port();
        operator.close();
        operator = new FakeOperator(port);

        assertThat(operator.report(KindCase.HELLO).getHello().getHeldVersion()).isEqualTo("v1");
    }

    @Test
    void afterARestartItHoldsWhatIsOnDisk() throws Exception {
        operator.stream().onNext(push("1", "v1").setFull(true).build());
        operator.report(KindCase.ACKNOWLEDGEMENT);
        client.close();
        control.close();
        start();

        assertThat(operator.report(KindCase.HELLO).getHello().getHeldVersion()).isEqualTo("v1");
    }

    @Test
    @Timeout(30)
    void switchedOffWhileNoOperatorIsThereItHoldsNothing() throws Exception {
        operator.stream(); // who is closed before may never come
        client.close();
        start(Optional.of(Duration.ofMillis(20)));
        operator.stream().onNext(push("1", "v1").setFull(true).build());
        operator.report(KindCase.ACKNOWLEDGEMENT);
        assertThat(control.outcome().version()).isEqualTo("v1");
        int port = operator.port();
        operator.close();
        while (!control.outcome().version().isEmpty()) Thread.sleep(1);
        assertThat(new StateFile(state).load().orElseThrow().getVersion())
                .as("for the next start")
                .isEqualTo("v1");
        operator = new FakeOperator(port);
        assertThat(operator.report(KindCase.HELLO).getHello().getHeldVersion()).isEmpty();
    }

    @Test
    void aRejectedVersionIsNotHeld() throws Exception {
        operator.report(KindCase.HELLO);
        var stream = operator.stream();
        stream.onNext(push("1", "v1")
                .addWorkloads(at("/a", config -> config.addMatch(match("x".repeat(60), ""))))
                .build());
        assertThat(operator.report(KindCase.ACKNOWLEDGEMENT)
                        .getAcknowledgement()
                        .getRejectedCount())
                .isPositive();
        stream.onCompleted();

        assertThat(operator.report(KindCase.HELLO).getHello().getHeldVersion()).isEmpty();
    }

    @Test
    void theStatusIsReportedWhenItChanges() throws Exception {
        assertThat(operator.report(KindCase.STATUS).getStatus().getGeneration()).isEqualTo(1);
        status =
                NodeStatus.newBuilder().setGeneration(2).putLost("ring_full", 3).build();
        assertThat(operator.report(KindCase.STATUS).getStatus()).isEqualTo(status);
    }

    private static Push.Builder push(String nonce, String version) {
        return Push.newBuilder().setNonce(nonce).setVersion(version);
    }

    @Override
    public void loaded(Sensor sensor) {}

    @Override
    public void unloading(Sensor sensor) {}
}
