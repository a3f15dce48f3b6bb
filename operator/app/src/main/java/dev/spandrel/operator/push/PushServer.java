package dev.spandrel.operator.push;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
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

    private PushServer(Server server) {
        this.server = server;
    }

    public static PushServer listen(Door door, BindableService... services) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(door.address(), door.credentials())
                .addServices(
                        Stream.of(services).map(BindableService::bindService).toList())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .handshakeTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .maxConnectionIdle(PATIENCE_SECONDS, TimeUnit.SECONDS) // without a call
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .maxInboundMessageSize(MOST_MESSAGE)
                .maxInboundMetadataSize(MOST_METADATA)
                .permitKeepAliveTime(10, TimeUnit.SECONDS) // agents keep alive every 30 s
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(10, TimeUnit.SECONDS); // a node that vanished is noticed
        door.authentication().ifPresent(builder::intercept);
        return new PushServer(builder.build().start());
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
