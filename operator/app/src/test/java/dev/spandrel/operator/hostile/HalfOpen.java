package dev.spandrel.operator.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Connections that never get anywhere: some say nothing, some begin a TLS handshake, some speak something else. A process of its own, for its file descriptors. Prints "open" when all are, and "closed"
 * when the server has ended them all.
 *
 * <p>usage: HalfOpen PORT COUNT
 */
public final class HalfOpen {
    private static final byte[][] BEGINNINGS = {
        {}, {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3}, "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII)
    };

    private HalfOpen() {}

    public static void main(String... arguments) throws IOException {
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open(server);
                write(channel, BEGINNINGS[i % BEGINNINGS.length]);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
            }
            System.out.println("open");
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
            while (!selector.keys().isEmpty() && System.nanoTime() < deadline) {
                selector.select(HalfOpen::read, 1000);
            }
            System.out.println(
                    selector.keys().isEmpty() ? "closed" : selector.keys().size() + " are still open");
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) {
        try {
            channel.write(ByteBuffer.wrap(bytes));
        } catch (IOException _) {
            // ended by the server already
        }
    }

    private static void read(SelectionKey key) {
        try {
            if (((SocketChannel) key.channel()).read(ByteBuffer.allocate(1024)) >= 0) {
                return;
            }
        } catch (IOException _) {
            // reset: ended as well
        }
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
