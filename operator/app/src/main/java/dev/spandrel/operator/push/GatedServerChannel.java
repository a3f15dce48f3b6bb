package dev.spandrel.operator.push;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Takes connections while the gate has room for them; the others wait, or are ended before anything is made for them. */
final class GatedServerChannel extends NioServerSocketChannel {
    private static final int LOOK_AGAIN_MILLIS = 20;

    private final Gate gate;
    private final Pulses pulses;

    GatedServerChannel(Gate gate, Pulses pulses) {
        this.gate = gate;
        this.pulses = pulses;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        if (!gate.hasRoom()) {
            config().setAutoRead(false);
            eventLoop().schedule(() -> config().setAutoRead(true), LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            return 0;
        }
        int count = super.doReadMessages(accepted);
        if (count <= 0) {
            return count;
        }
        Channel channel = (Channel) accepted.getLast();
        if (channel.remoteAddress() == null || !admit(channel)) { // without an address it has left already
            accepted.removeLast();
            channel.unsafe().closeForcibly();
        }
        return count;
    }

    private boolean admit(Channel channel) {
        Connection connection = new Connection(channel, channel.remoteAddress(), pulses);
        if (!gate.enter(connection)) {
            return false;
        }
        channel.closeFuture().addListener(_ -> gate.leave(connection));
        channel.pipeline().addFirst(connection.listening(gate));
        return true;
    }

    private record Connection(Channel channel, SocketAddress address, Pulses pulses) implements Gate.Guest {
        @Override
        public long heardUntil() {
            return channel.isRegistered() ? pulses.heardUntil(channel.eventLoop()) : Long.MIN_VALUE / 2;
        }

        @Override
        public void close() {
            channel.close();
        }

        ChannelInboundHandlerAdapter listening(Gate gate) {
            return new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    gate.spoke(Connection.this);
                    context.fireChannelRead(message);
                }
            };
        }
    }
}
