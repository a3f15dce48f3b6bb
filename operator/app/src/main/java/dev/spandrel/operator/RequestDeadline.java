package dev.spandrel.operator;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A request to the port of metrics and health is whole, and answered, within some seconds of its first byte, or its connection is closed. The server's own limits are for connections that are idle: a client that sends
 * a byte now and then would keep its place for ever, and a thousand of them all places. Of one connection's event loop.
 */
final class RequestDeadline extends ChannelDuplexHandler {
    private static final Duration MOST = Duration.ofSeconds(10);

    private static final Future<?> NONE = CompletableFuture.completedFuture(null);

    private Future<?> end = NONE;

    /** Netty asks it about each connection that a server of this process accepts. */
    public static final class OnConnections extends ChannelInitializerExtension {
        /** Has Netty look for it; before the first server is made. */
        static void enable() {
            System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
        }

        @Override
        public void postInitializeServerChildChannel(Channel connection) {
            // Agents' streams, which are to last, come by a channel of its own kind that has limits of its own.
            if (connection.parent().getClass() == NioServerSocketChannel.class) {
                connection.pipeline().addFirst(new RequestDeadline());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (end.isDone()) {
            end = context.executor().schedule(() -> context.close(), MOST.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message, promise.unvoid()).addListener(_ -> end.cancel(false));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end.cancel(false);
        context.fireChannelInactive();
    }
}
