package dev.spandrel.e2e;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line to the API server, byte by byte, that can be cut and mended: who is behind it finds nobody there in between. */
final class CutLine implements AutoCloseable {
    private final URI server;
    private final Kubectl behind;
    private final int port;
    private final Set<Closeable> ends = ConcurrentHashMap.newKeySet();
    private ServerSocket door;

    /** @param directory where the kubeconfig of those behind it is written */
    CutLine(Kubectl cluster, Path directory) {
        server = URI.create(cluster.run("config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"));
        door = open(0);
        port = door.getLocalPort();
        try {
            String config = Files.readString(Path.of(cluster.kubeconfig()))
                    .replace(server.toString(), "https://127.0.0.1:" + port);
            behind = new Kubectl(Files.writeString(directory.resolve("cut.kubeconfig"), config)
                    .toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same cluster, by this line. */
    Kubectl behind() {
        return behind;
    }

    /** Ends every connection, and refuses new ones. */
    void cut() {
        end(door);
        ends.forEach(CutLine::end);
    }

    void mend() {
        door = open(port);
    }

    private ServerSocket open(int at) {
        try {
            ServerSocket listening = new ServerSocket(at, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> accept(listening));
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                Socket near = listening.accept();
                Socket far = new Socket(server.getHost(), server.getPort());
                ends.add(near);
                ends.add(far);
                Thread.ofVirtual().start(() -> carry(near, far));
                Thread.ofVirtual().start(() -> carry(far, near));
            }
        } catch (IOException _) {
            end(listening); // cut
        }
    }

    private void carry(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // its end, like any other
        }
        end(from);
        end(to);
        ends.remove(from);
        ends.remove(to);
    }

    private static void end(Closeable one) {
        try {
            one.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        cut();
    }
}
