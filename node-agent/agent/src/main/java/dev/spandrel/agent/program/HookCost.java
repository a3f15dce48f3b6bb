package dev.spandrel.agent.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/**
 * What a backend's programs cost here, found by loading them, with nothing selected: that is what every socket call of the machine pays that nobody asked to
 * trace.
 *
 * @param callNanos a socket call without the programs
 * @param addedNanos what the attached programs add to it; of both the least of many batches, as other work only ever adds
 */
public record HookCost(Duration load, Duration attach, double callNanos, double addedNanos) {
    private static final int ROUNDS = 5;
    /** Short ones: among so many, some are not interrupted. */
    private static final int BATCHES = 100;

    private static final int CALLS = 200;

    /** Throws {@link UnsupportedKernelException}. */
    public static HookCost measure(Backend backend) {
        long start = System.nanoTime();
        var sensor = Sensors.open(backend, Sensors.packaged(backend));
        try (var pair = Pair.open()) {
            long loaded = System.nanoTime();
            sensor.attach();
            long attached = System.nanoTime();
            pair.nanosPerCall(); // by then it is compiled
            double with = Double.MAX_VALUE;
            double without = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                sensor.attach();
                with = Math.min(with, pair.nanosPerCall());
                sensor.detach();
                without = Math.min(without, pair.nanosPerCall());
            }
            return new HookCost(
                    Duration.ofNanos(loaded - start),
                    Duration.ofNanos(attached - loaded),
                    without,
                    Math.max(0, with - without));
        } catch (IOException e) {
            throw new UncheckedIOException("loopback", e);
        } finally {
            sensor.close();
        }
    }

    /** Two ends of a TCP connection over loopback. */
    private record Pair(List<SocketChannel> ends, ByteBuffer buffer) implements AutoCloseable {
        static Pair open() throws IOException {
            try (var listener = ServerSocketChannel.open()) {
                listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                var client = SocketChannel.open(listener.getLocalAddress());
                return new Pair(List.of(client, listener.accept()), ByteBuffer.allocateDirect(64));
            }
        }

        /** Half of the calls send and half receive. */
        double nanosPerCall() throws IOException {
            long least = Long.MAX_VALUE;
            for (int batch = 0; batch < BATCHES; batch++) {
                long start = System.nanoTime();
                for (int i = 0; i < CALLS / 2; i++) {
                    ends.get(0).write(buffer.clear());
                    ends.get(1).read(buffer.clear());
                }
                least = Math.min(least, System.nanoTime() - start);
            }
            return (double) least / CALLS;
        }

        @Override
        public void close() throws IOException {
            for (var end : ends) end.close();
        }
    }
}
