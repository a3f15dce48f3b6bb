package dev.spandrel.operator.push;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.SocketAddress;
import java.util.List;

/** Takes connections that the gate lets in, and ends the others before anything is made for them. */
final class GatedServerChannel extends NioServerSocketChannel {
    private final Gate gate;

    GatedServerChannel(Gate gate) {
        this.gate = gate;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
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
        Connection connection = new Connection(channel, channel.remoteAddress());
        if (!gate.enter(connection)) {
            return false;
        }
        channel.closeFuture().addListener(_ -> gate.leave(connection));
        channel.pipeline().addFirst(connection.listening(gate));
        return true;
    }

    private record Connection(Channel channel, SocketAddress address) implements Gate.Guest {
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
