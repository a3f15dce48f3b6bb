package dev.spandrel.operator.push;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** One that came in, as the gate sees it: whether it speaks, and when it is its turn. Of its event loop. */
final class Connection extends ChannelDuplexHandler implements Gate.Guest {
    private final Channel channel;
    private final SocketAddress address;
    private final Gate gate;
    private boolean turning;

    private Connection(Channel channel, Gate gate) {
        this.channel = channel;
        this.address = channel.remoteAddress();
        this.gate = gate;
    }

    /** False: there is no room. */
    static boolean enter(Channel channel, Gate gate) {
        Connection connection = new Connection(channel, gate);
        if (!gate.enter(connection)) {
            return false;
        }
        channel.closeFuture().addListener(_ -> gate.leave(connection));
        channel.pipeline().addFirst(connection);
        return true;
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        turnSoon(context);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        gate.spoke(this);
        turnSoon(context);
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        gate.answered(this);
        context.write(message, promise);
    }

    /** A task that is due later runs after the loop has looked at all that came before it was made: also what this one said meanwhile. */
    private void turnSoon(ChannelHandlerContext context) {
        if (!turning && !gate.knows(this)) {
            turning = true;
            context.executor()
                    .schedule(
                            () -> {
                                turning = false;
                                gate.turn(this);
                            },
                            1,
                            TimeUnit.MILLISECONDS);
        }
    }
}
