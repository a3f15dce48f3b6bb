package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.Acknowledgement;
import dev.spandrel.contract.v1.Capability;
import dev.spandrel.contract.v1.HeldValues;
import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.Kernel;
import dev.spandrel.contract.v1.NodeStatus;
import dev.spandrel.contract.v1.NodeStreamGrpc;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.ReadBack;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Report;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An agent without a kernel: it connects, keeps what is pushed, and answers as the test says. */
public final class FakeAgent implements AutoCloseable {
    private final ManagedChannel channel;
    private final StreamObserver<Report> reports;
    private final BlockingQueue<Push> pushes = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> ended = new CompletableFuture<>();

    public FakeAgent(int port, String node, String heldVersion) {
        this(port, node, heldVersion, Capability.CAPABILITY_READ_BACK);
    }

    /** @param capabilities none: an agent of the first version */
    public FakeAgent(int port, String node, String heldVersion, Capability... capabilities) {
        this(port, InsecureChannelCredentials.create(), node, heldVersion, capabilities);
    }

    /** @param credentials how it trusts the operator, and proves who it is */
    public FakeAgent(
            int port, ChannelCredentials credentials, String node, String heldVersion, Capability... capabilities) {
        channel =
                Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials).build();
        reports = NodeStreamGrpc.newStub(channel).connect(new StreamObserver<>() {
            @Override
            public void onNext(Push push) {
                pushes.add(push);
            }

            @Override
            public void onError(Throwable error) {
                ended.complete(Status.fromThrowable(error));
            }

            @Override
            public void onCompleted() {
                ended.complete(Status.OK);
            }
        });
        reports.onNext(Report.newBuilder()
                .setHello(Hello.newBuilder()
                        .setNode(node)
                        .setHeldVersion(heldVersion)
                        .setAgentVersion("of the test")
                        .addAllCapabilities(List.of(capabilities))
                        .setKernel(Kernel.newBuilder().setBackend("socklen")))
                .build());
    }

    /** The next push, which must come. */
    public Push next() {
        try {
            Push push = pushes.poll(10, TimeUnit.SECONDS);
            if (push == null) {
                throw new AssertionError("no push came in 10 s; stream " + ended);
            }
            return push;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next push that selects something; those before it are acknowledged. */
    public Push nextWithWorkloads() {
        Push push = next();
        while (push.getWorkloadsCount() == 0) {
            answer(push);
            push = next();
        }
        return push;
    }

    /** The next push that has probes; those before it are acknowledged. */
    public Push nextWithProbes() {
        Push push = next();
        while (push.getProbeSetsCount() == 0) {
            answer(push);
            push = next();
        }
        return push;
    }

    /** The next push after which nothing is selected; those before it are acknowledged, and so is it. */
    public void nextRemovedOrNothing() {
        Push push = next();
        while (push.getWorkloadsCount() > 0) {
            answer(push);
            push = next();
        }
        answer(push);
    }

    public void answer(Push push, Rejection... rejected) {
        Acknowledgement.Builder acknowledgement =
                Acknowledgement.newBuilder().setNonce(push.getNonce()).setVersion(push.getVersion());
        for (Rejection rejection : rejected) {
            acknowledgement.addRejected(rejection);
        }
        reports.onNext(Report.newBuilder().setAcknowledgement(acknowledgement).build());
    }

    /** As an agent does when a check of its kernel's maps found something. */
    public void drifted(String... workloads) {
        reports.onNext(Report.newBuilder()
                .setStatus(NodeStatus.newBuilder().addAllDrifted(List.of(workloads)))
                .build());
    }

    /** As an agent does when its counters changed. */
    public void lost(String reason, long count) {
        reports.onNext(Report.newBuilder()
                .setStatus(NodeStatus.newBuilder().putLost(reason, count))
                .build());
    }

    /** The next question; pushes before it are acknowledged. */
    public ReadBack nextQuestion() {
        Push push = next();
        while (!push.hasReadBack()) {
            answer(push);
            push = next();
        }
        return push.getReadBack();
    }

    public void held(HeldValues values) {
        reports.onNext(Report.newBuilder().setHeld(values).build());
    }

    public Status ended() {
        return ended.orTimeout(10, TimeUnit.SECONDS).join();
    }

    public boolean isRunning() {
        return !ended.isDone();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
