package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Report;
import dev.spandrel.operator.identity.Caller;
import dev.spandrel.operator.identity.Refusal;
import dev.spandrel.operator.identity.Refusals;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** The operator's end of one agent's stream. gRPC calls it by one thread at a time. */
final class AgentStream implements StreamObserver<Report>, Consumer<Push> {
    private static final Logger LOG = Logger.getLogger(AgentStream.class);

    private final Nodes nodes;
    private final Refusals refusals;
    private final Caller caller = Caller.current();
    private final ServerCallStreamObserver<Push> pushes;
    private volatile Optional<Hello> hello = Optional.empty();
    /** By this end: what comes or is to go after that is dropped. */
    private volatile boolean ended;

    AgentStream(Nodes nodes, Refusals refusals, ServerCallStreamObserver<Push> pushes) {
        this.nodes = nodes;
        this.refusals = refusals;
        this.pushes = pushes;
        // With a handler set, a push to a stream that the agent has left is dropped and not thrown.
        pushes.setOnCancelHandler(this::left);
    }

    @Override
    public void accept(Push push) {
        if (!ended && !pushes.isCancelled()) {
            pushes.onNext(push);
        }
    }

    private void end(Status status) {
        ended = true;
        pushes.onError(status.asRuntimeException());
    }

    @Override
    public void onNext(Report report) {
        if (ended) {
            return;
        }
        switch (report.getKindCase()) {
            case HELLO -> greet(report.getHello());
            case ACKNOWLEDGEMENT ->
                hello.flatMap(by -> nodes.queue(by.getNode()).acknowledged(this, report.getAcknowledgement()))
                        .ifPresent(heard -> {
                            report.getAcknowledgement()
                                    .getRejectedList()
                                    .forEach(rejection -> LOG.warnf(
                                            "node %s rejects %s: %s: %s",
                                            heard.node(),
                                            rejection.getWorkloadId(),
                                            rejection.getReason(),
                                            rejection.getMessage()));
                            nodes.heard(heard);
                        });
            case STATUS ->
                hello.ifPresent(by -> {
                    if (nodes.queue(by.getNode()).reported(this, report.getStatus())) {
                        nodes.heard(Heard.ofAll(by.getNode()));
                    }
                });
            case HELD -> hello.ifPresent(by -> nodes.queue(by.getNode()).answered(report.getHeld()));
            case KIND_NOT_SET -> {} // from a newer agent
        }
    }

    private void greet(Hello by) {
        if (by.getNode().isEmpty() || hello.isPresent()) {
            end(Status.INVALID_ARGUMENT.withDescription(
                    "the first report, and only the first, is a Hello that names the node"));
            return;
        }
        if (!caller.mayBe(by.getNode())) {
            refuse(
                    Refusal.OTHER_NODE,
                    Status.PERMISSION_DENIED,
                    "the token's pod is not on node " + by.getNode()
                            + ": an agent gets the configuration of its own node only");
            return;
        }
        hello = Optional.of(by);
        LOG.infof(
                "agent of node %s connected, holding %s",
                by.getNode(), by.getHeldVersion().isEmpty() ? "nothing" : by.getHeldVersion());
        if (!by.getUnknownFields().asMap().isEmpty()) {
            LOG.infof(
                    "the agent of node %s is newer than this operator: fields %s of its Hello are not known here",
                    by.getNode(), by.getUnknownFields().asMap().keySet());
        }
        nodes.queue(by.getNode()).connected(by, this).ifPresent(older -> ((AgentStream) older).replaced());
        nodes.heard(Heard.ofAll(by.getNode()));
    }

    /** Called once, when there was time enough. */
    void greetedByNow() {
        if (hello.isEmpty() && !ended && !pushes.isCancelled()) {
            refuse(Refusal.SILENT, Status.DEADLINE_EXCEEDED, "no Hello came");
        }
    }

    private void refuse(Refusal reason, Status status, String message) {
        refusals.refused(reason, caller.toString(), message);
        end(status.withDescription(message));
    }

    private void replaced() {
        end(Status.ABORTED.withDescription("another agent connected for this node"));
    }

    private void left() {
        hello.ifPresent(by -> {
            if (nodes.queue(by.getNode()).disconnected(this)) {
                LOG.infof("agent of node %s left", by.getNode());
                nodes.heard(Heard.ofAll(by.getNode()));
            }
        });
    }

    @Override
    public void onError(Throwable error) {
        left();
    }

    @Override
    public void onCompleted() {
        left();
        pushes.onCompleted();
    }
}
