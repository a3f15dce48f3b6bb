package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.NodeStreamGrpc;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Report;
import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Where agents connect, and people who ask. */
public final class PushServer implements AutoCloseable {
    private final Server server;

    private PushServer(Server server) {
        this.server = server;
    }

    /** @param others services beside the agents' own */
    public static PushServer listen(InetSocketAddress address, Nodes nodes, BindableService... others)
            throws IOException {
        return new PushServer(OkHttpServerBuilder.forPort(address, InsecureServerCredentials.create())
                .addService(new NodeStreams(nodes))
                .addServices(Stream.of(others).map(BindableService::bindService).toList())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .permitKeepAliveTime(10, TimeUnit.SECONDS) // agents keep alive every 30 s
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(10, TimeUnit.SECONDS) // a node that vanished is noticed
                .build()
                .start());
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static final class NodeStreams extends NodeStreamGrpc.NodeStreamImplBase {
        private final Nodes nodes;

        NodeStreams(Nodes nodes) {
            this.nodes = nodes;
        }

        @Override
        public StreamObserver<Report> connect(StreamObserver<Push> pushes) {
            return new AgentStream(nodes, (ServerCallStreamObserver<Push>) pushes);
        }
    }
}
