package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * A ring map, mapped and drained without a system call or an allocation per record. One thread drains and awaits; any
 * thread may {@link #wake} it. Waiting is edge-triggered: drain until nothing comes before waiting again.
 */
public final class RingBuffer implements AutoCloseable {
    private static final int EPOLLIN = 1;
    private static final int EPOLLET = 1 << 31;

    private final Arena arena = Arena.ofShared();
    private final Ring ring;
    private final long capacity;
    private final Epoll epoll;

    private RingBuffer(BpfMap map) {
        try {
            int fd = map.fd();
            long page = Libc.pageSize();
            capacity = map.maxEntries();
            var what = "map " + map.name();
            var consumer = Libc.mmap(arena, page, Libc.PROT_READ_WRITE, fd, 0, what);
            var rest = Libc.mmap(arena, page + 2 * capacity, Libc.PROT_READ, fd, page, what);
            ring = new Ring(consumer, rest.asSlice(0, page), rest.asSlice(page));
            epoll = new Epoll(arena, fd);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    public static RingBuffer open(BpfMap map) {
        if (map.type() != MapType.RINGBUF)
            throw new IllegalArgumentException("map " + map.name() + " is " + map.type() + ", not a ring buffer");
        return new RingBuffer(map);
    }

    /** Hands out at most `limit` records and returns how many. An exception of the consumer passes through; its record counts as read. */
    public int drain(RecordConsumer records, int limit) {
        return ring.drain(records, limit);
    }

    /** Bytes written and not yet drained. */
    public long backlog() {
        return ring.backlog();
    }

    public long capacity() {
        return capacity;
    }

    /** Waits for the kernel's next wake-up, for {@link #wake} or for the time to pass; true if woken. */
    public boolean await(Duration timeout) {
        return epoll.await((int) Math.clamp(timeout.toMillis(), 0, Integer.MAX_VALUE));
    }

    /** Ends a running or the next {@link #await}. */
    public void wake() {
        epoll.wake();
    }

    /** After the draining thread has ended. */
    @Override
    public void close() {
        if (!arena.scope().isAlive()) return;
        epoll.close();
        arena.close();
    }

    private static final class Epoll {
        /** struct epoll_event is packed on x86-64: events, then 8 bytes of payload. */
        private static final long EVENT_BYTES = Libc.isArm() ? 16 : 12;

        private final int epoll;
        private final int wakeFd;
        private final MemorySegment events;

        Epoll(Arena arena, int ringFd) {
            events = arena.allocate(2 * EVENT_BYTES, 8);
            epoll = Libc.epollCreate();
            if (epoll < 0) throw new BpfException("epoll_create1", -epoll);
            wakeFd = Libc.eventfd();
            add(ringFd);
            add(wakeFd);
        }

        private void add(int fd) {
            events.set(JAVA_INT, 0, EPOLLIN | EPOLLET);
            int result = fd < 0 ? fd : Libc.epollAdd(epoll, fd, events);
            if (result < 0) {
                close();
                throw new BpfException("epoll_ctl", -result);
            }
        }

        boolean await(int millis) {
            int ready = Libc.epollWait(epoll, events, 2, millis);
            if (ready < 0 && ready != -Errno.EINTR) throw new BpfException("epoll_wait", -ready);
            return ready > 0;
        }

        void wake() {
            Libc.eventfdWrite(wakeFd);
        }

        void close() {
            if (wakeFd >= 0) Libc.close(wakeFd);
            Libc.close(epoll);
        }
    }
}
