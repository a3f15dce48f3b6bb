package dev.spandrel.agent.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Two locked files: who has the turn, and who is next. The kernel frees a lock with its process, however that ends. */
final class NodeTurn implements Turn {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.control");
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    private final String node;
    private final FileChannel turn;
    private final FileChannel next;
    private volatile Optional<FileLock> held = Optional.empty();
    private volatile boolean closed;

    NodeTurn(Path directory, String node) throws IOException {
        Files.createDirectories(directory);
        this.node = node;
        this.turn = open(directory.resolve(node + ".turn"));
        this.next = open(directory.resolve(node + ".next"));
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Override
    public void take() {
        if (held() || tryTake()) return;
        LOG.log(System.Logger.Level.INFO, "another agent of node {0} traces; asking for its turn", node);
        Optional<FileLock> asking = Optional.empty();
        try {
            while (!closed && !held()) {
                if (asking.isEmpty()) asking = tryLock(next);
                if (asking.isPresent() && tryTake()) break;
                LockSupport.parkNanos(PAUSE);
            }
        } finally {
            asking.ifPresent(NodeTurn::release);
        }
        if (!held()) throw new IllegalStateException("ended while waiting for its turn to trace");
        LOG.log(System.Logger.Level.INFO, "it is this agent''s turn now");
    }

    private boolean tryTake() {
        held = tryLock(turn);
        return held();
    }

    @Override
    public boolean held() {
        return held.isPresent();
    }

    @Override
    public boolean asked() {
        Optional<FileLock> nobody = tryLock(next);
        nobody.ifPresent(NodeTurn::release);
        return nobody.isEmpty();
    }

    @Override
    public boolean free() {
        if (held()) return true;
        if (!asked() && tryTake() && asked()) give();
        return held();
    }

    @Override
    public void give() {
        held.ifPresent(NodeTurn::release);
        held = Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        give();
        try (turn;
                next) {
            LOG.log(System.Logger.Level.DEBUG, "nothing is locked any more");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<FileLock> tryLock(FileChannel file) {
        try {
            return Optional.ofNullable(file.tryLock());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void release(FileLock lock) {
        try {
            lock.release();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
