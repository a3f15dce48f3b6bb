package dev.spandrel.operator.push;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Takes connections that the gate lets in, and leaves the others in the kernel's queue: nothing is made for them. */
final class GatedServerChannel extends NioServerSocketChannel {
    /** Nobody tells that a stranger has been silent for too long. */
    private static final int LOOK_AGAIN_MILLIS = 100;

    private final Gate gate;
    /** Of its thread. */
    private boolean lookingAgain;

    GatedServerChannel(Gate gate) {
        this.gate = gate;
        gate.onRoom(() -> eventLoop().execute(this::resume));
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        if (!gate.isOpen()) {
            pause();
            return 0;
        }
        int count = super.doReadMessages(accepted);
        if (count <= 0) {
            return count;
        }
        Channel channel = (Channel) accepted.getLast();
        // Without an address it has left already.
        if (channel.remoteAddress() == null || !Connection.enter(channel, gate)) {
            accepted.removeLast();
            channel.unsafe().closeForcibly();
        }
        return count;
    }

    private void pause() {
        config().setAutoRead(false);
        if (!lookingAgain) {
            lookingAgain = true;
            eventLoop()
                    .schedule(
                            () -> {
                                lookingAgain = false;
                                resume();
                            },
                            LOOK_AGAIN_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    private void resume() {
        config().setAutoRead(true);
    }
}
