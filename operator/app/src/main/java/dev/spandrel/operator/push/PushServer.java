package dev.spandrel.operator.push;

import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
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

    /** HTTP/2's own. What is said is short; a window that follows the connection's speed costs a ping there and back for each message. */
    private static final int WINDOW = 65_535;

    /** Of those who wait outside. The kernel may allow fewer. */
    private static final int QUEUE = 4096;

    private final Server server;
    private final List<EventLoopGroup> loops;

    private PushServer(Server server, List<EventLoopGroup> loops) {
        this.server = server;
        this.loops = loops;
    }

    public static PushServer listen(Door door, BindableService... services) throws IOException {
        // Handshakes are work of processors alone, and done by the threads of connections: as many at a time as there
        // are
        // processors. Calls wait for others, and have a thread each.
        NettyServerBuilder builder = NettyServerBuilder.forAddress(door.address(), door.credentials())
                .addServices(
                        Stream.of(services).map(BindableService::bindService).toList())
                .executor(Runnable::run)
                .callExecutor(new Calls(Executors.newVirtualThreadPerTaskExecutor(), door.gate()))
                .handshakeTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .maxConnectionIdle(PATIENCE_SECONDS, TimeUnit.SECONDS) // without a call
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .flowControlWindow(WINDOW)
                .maxInboundMessageSize(MOST_MESSAGE)
                .maxInboundMetadataSize(MOST_METADATA)
                .permitKeepAliveTime(10, TimeUnit.SECONDS) // agents keep alive every 30 s
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(10, TimeUnit.SECONDS); // a node that vanished is noticed
        door.authentication().ifPresent(builder::intercept);
        List<EventLoopGroup> loops =
                door.gate().map(gate -> gated(builder, gate)).orElse(List.of());
        return new PushServer(builder.build().start(), loops);
    }

    /** @param gate is told of each call as it begins, before it waits for a thread */
    private record Calls(Executor threads, Optional<Gate> gate) implements ServerCallExecutorSupplier {
        @Override
        public <Q, R> Executor getExecutor(ServerCall<Q, R> call, Metadata metadata) {
            gate.ifPresent(one -> one.calls(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
            return threads;
        }
    }

    /** Connections are counted where they are accepted: nothing of gRPC sees those that get nowhere. */
    private static List<EventLoopGroup> gated(NettyServerBuilder builder, Gate gate) {
        EventLoopGroup accepting = new NioEventLoopGroup(1, new DefaultThreadFactory("accept", true));
        EventLoopGroup serving = new NioEventLoopGroup(
                Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("serve", true));
        builder.channelFactory(() -> new GatedServerChannel(gate))
                .withOption(ChannelOption.SO_BACKLOG, QUEUE)
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
    }
}
