package dev.spandrel.operator.push;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Where agents connect, and people who ask. What a caller can make it hold is bounded, also before anybody knows who it is. */
public final class PushServer implements AutoCloseable {
    /** A report is an acknowledgement or counters; the largest names every workload of a node. */
    private static final int MOST_MESSAGE = 1 << 20;

    /** A projected token has 1 to 2 KiB. */
    private static final int MOST_METADATA = 16 << 10;

    /** For TLS and the HTTP/2 preface, and for a connection without a call. */
    private static final int PATIENCE_SECONDS = 10;

    private static final int CALLS_PER_CONNECTION = 8;

    private final Server server;
    private final List<EventLoopGroup> loops;
    private final ExecutorService handshakes;

    private PushServer(Server server, List<EventLoopGroup> loops, ExecutorService handshakes) {
        this.server = server;
        this.loops = loops;
        this.handshakes = handshakes;
    }

    public static PushServer listen(Door door, BindableService... services) throws IOException {
        // Work of processors alone, one at a time on each: of many that are begun at once none is done in time. Calls
        // wait for others, and have a thread each.
        ExecutorService handshakes = Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("handshake", true));
        Executor calls = Executors.newVirtualThreadPerTaskExecutor();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(door.address(), door.credentials())
                .addServices(
                        Stream.of(services).map(BindableService::bindService).toList())
                .executor(handshakes)
                .callExecutor(new ServerCallExecutorSupplier() {
                    @Override
                    public <Q, R> Executor getExecutor(ServerCall<Q, R> call, Metadata metadata) {
                        return calls;
                    }
                })
                .handshakeTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .maxConnectionIdle(PATIENCE_SECONDS, TimeUnit.SECONDS) // without a call
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .maxInboundMessageSize(MOST_MESSAGE)
                .maxInboundMetadataSize(MOST_METADATA)
                .permitKeepAliveTime(10, TimeUnit.SECONDS) // agents keep alive every 30 s
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(10, TimeUnit.SECONDS); // a node that vanished is noticed
        door.authentication().ifPresent(builder::intercept);
        List<EventLoopGroup> loops =
                door.gate().map(gate -> gated(builder, gate)).orElse(List.of());
        return new PushServer(builder.build().start(), loops, handshakes);
    }

    /** Connections are counted where they are accepted: nothing of gRPC sees those that get nowhere. */
    private static List<EventLoopGroup> gated(NettyServerBuilder builder, Gate gate) {
        EventLoopGroup accepting = new NioEventLoopGroup(1, new DefaultThreadFactory("accept", true));
        EventLoopGroup serving = new NioEventLoopGroup(0, new DefaultThreadFactory("serve", true));
        builder.channelFactory(() -> new GatedServerChannel(gate))
                .bossEventLoopGroup(accepting)
                .workerEventLoopGroup(serving);
        return List.of(accepting, serving);
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        loops.forEach(EventLoopGroup::shutdownGracefully);
        handshakes.shutdown();
    }
}
