package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.Acknowledgement;
import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.NodeStatus;
import dev.spandrel.contract.v1.NodeStreamGrpc;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Report;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One stream: hello, then an acknowledgement per push, an answer per question and a report when the status changed. All work is done on the client's thread. */
final class OperatorStream implements ClientResponseObserver<Report, Push> {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.control");

    private final OperatorClient client;
    private final ScheduledExecutorService thread;

    // Owned by the thread.
    private StreamObserver<Report> reports = new Unopened();
    private Future<?> statusTimer = CompletableFuture.completedFuture(null);
    private NodeStatus reported = NodeStatus.getDefaultInstance();
    private boolean connected;
    private boolean ended;

    OperatorStream(OperatorClient client, ScheduledExecutorService thread) {
        this.client = client;
        this.thread = thread;
    }

    void open(Channel channel, Hello hello, Duration statusPeriod) {
        reports = NodeStreamGrpc.newStub(channel).connect(this);
        reports.onNext(Report.newBuilder().setHello(hello).build());
        statusTimer = thread.scheduleWithFixedDelay(
                () -> guarded(this::report), 0, statusPeriod.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The operator says nothing to an agent that holds what is current: that the stream can be written to is the only sign of it. */
    @Override
    public void beforeStart(ClientCallStreamObserver<Report> call) {
        call.setOnReadyHandler(() -> run(this::ready));
    }

    private void ready() {
        if (ended || connected) return;
        connected = true;
        client.connected();
    }

    @Override
    public void onNext(Push push) {
        long noticed = System.nanoTime();
        run(() -> take(push, noticed));
    }

    private void take(Push push, long noticed) {
        if (ended) return;
        if (push.hasReadBack()) {
            reports.onNext(Report.newBuilder()
                    .setHeld(client.readBack(push.getReadBack()))
                    .build());
            return;
        }
        if (push.hasStandby()) {
            client.standby(push.getStandby().getLoaded());
            return;
        }
        var unknown = Unknown.in(push);
        if (!unknown.isEmpty())
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the operator is newer than this agent: {0} are not known here and not in force; the rest is",
                    unknown);
        var outcome = client.apply(Held.merge(client.held(), push), noticed);
        reports.onNext(Report.newBuilder()
                .setAcknowledgement(Acknowledgement.newBuilder()
                        .setNonce(push.getNonce())
                        .setVersion(push.getVersion())
                        .setGeneration(outcome.generation())
                        .addAllRejected(outcome.rejected()))
                .build());
    }

    private void report() {
        if (ended) return;
        var now = client.status().current();
        if (now.equals(reported)) return;
        reported = now;
        reports.onNext(Report.newBuilder().setStatus(now).build());
    }

    @Override
    public void onError(Throwable error) {
        var status = Status.fromThrowable(error);
        run(() -> end(status.getDescription() == null ? status.getCode().name() : status.getDescription()));
    }

    @Override
    public void onCompleted() {
        run(() -> end("it closed the stream"));
    }

    private void end(String reason) {
        if (ended) return;
        ended = true;
        statusTimer.cancel(false);
        client.ended(reason);
    }

    private void run(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "the client has ended");
        }
    }

    /** Writing to a stream that has just broken throws; its end is told to us as well. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "operator stream", e);
            reports.onError(e);
            end(String.valueOf(e.getMessage()));
        }
    }

    /** Before {@link #open}. */
    private static final class Unopened implements StreamObserver<Report> {
        @Override
        public void onNext(Report report) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
    }
}
