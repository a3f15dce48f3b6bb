package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.NodeStreamGrpc;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Report;
import dev.spandrel.operator.identity.Refusals;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The agents' service: one stream per agent. Who says no Hello in time is sent away. */
public final class NodeStreams extends NodeStreamGrpc.NodeStreamImplBase implements AutoCloseable {
    private static final int HELLO_SECONDS = 10;

    private final Nodes nodes;
    private final Refusals refusals;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("greetings").daemon().factory());

    public NodeStreams(Nodes nodes, Refusals refusals) {
        this.nodes = nodes;
        this.refusals = refusals;
    }

    @Override
    public StreamObserver<Report> connect(StreamObserver<Push> pushes) {
        AgentStream stream = new AgentStream(nodes, refusals, (ServerCallStreamObserver<Push>) pushes);
        timer.schedule(stream::greetedByNow, HELLO_SECONDS, TimeUnit.SECONDS);
        return stream;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
