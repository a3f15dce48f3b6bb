package dev.spandrel.agent.event;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Makes the kernel's news of streams by hand, in the order of one connection. */
public final class StreamBytes {
    private static final int SERVER = 1;
    private static final int NEWS = StreamLayout.SIZE;

    private final Map<Boolean, Integer> serials = new HashMap<>(Map.of(false, 0, true, 0));
    private final long connection;
    private int flags = 1 << ConfigBit.ENABLED.ordinal() | 1 << ConfigBit.METRICS.ordinal();
    private int protocols = -1;
    private long threshold;
    private long slowerThan;
    private int maxSpans;
    private int port = 8080;
    private long now = 1_000_000_000L;

    public StreamBytes(long connection) {
        this.connection = connection;
    }

    public StreamBytes flag(ConfigBit bit) {
        flags |= 1 << bit.ordinal();
        return this;
    }

    public StreamBytes protocols(int mask) {
        protocols = mask;
        return this;
    }

    public StreamBytes threshold(long value) {
        threshold = value;
        return this;
    }

    public StreamBytes slowerThan(long nanos) {
        slowerThan = nanos;
        return this;
    }

    public StreamBytes maxSpans(int most) {
        maxSpans = most;
        return this;
    }

    /** The server's; 0: its socket is not known. */
    public StreamBytes port(int local) {
        port = local;
        return this;
    }

    public StreamBytes pause(long nanos) {
        now += nanos;
        return this;
    }

    public long now() {
        return now;
    }

    /** The next record of this direction is not seen. */
    public void lose(boolean answer) {
        serials.merge(answer, 1, Integer::sum);
    }

    public MemorySegment frame(boolean answer, int stream, int type, int frameFlags, byte[] payload) {
        return part(answer, stream, type, frameFlags, true, 0, payload);
    }

    public MemorySegment part(
            boolean answer, int stream, int type, int frameFlags, boolean first, int remaining, byte[] payload) {
        ByteBuffer out = record(News.HEADERS, answer, stream, payload.length);
        out.put(NEWS + StreamLayout.FRAME_TYPE, (byte) type).put(NEWS + StreamLayout.FRAME_FLAGS, (byte) frameFlags);
        out.put(NEWS + StreamLayout.FIRST, (byte) (first ? 1 : 0)).putInt(NEWS + StreamLayout.REMAINING, remaining);
        out.put(NEWS + StreamLayout.NEWS_SIZE, payload);
        return MemorySegment.ofArray(out.array());
    }

    public MemorySegment news(News kind, boolean answer, int stream, int code) {
        return news(kind, answer, stream, code, 0, 0, 0);
    }

    public MemorySegment news(News kind, boolean answer, int stream, int code, long asked, long answered, long ended) {
        ByteBuffer out = record(kind, answer, stream, 0);
        out.putInt(NEWS + StreamLayout.CODE, code).putLong(NEWS + StreamLayout.ENDED, ended);
        out.putLong(NEWS + StreamLayout.DATA_BYTES, asked)
                .putLong(NEWS + StreamLayout.DATA_BYTES + Long.BYTES, answered);
        return MemorySegment.ofArray(out.array());
    }

    /** Bytes of data, with so many of the body before them. */
    public MemorySegment body(boolean answer, int stream, int before, byte[] payload) {
        ByteBuffer out = record(News.BODY, answer, stream, payload.length);
        out.putInt(NEWS + StreamLayout.CODE, before).put(NEWS + StreamLayout.NEWS_SIZE, payload);
        return MemorySegment.ofArray(out.array());
    }

    private ByteBuffer record(News kind, boolean answer, int stream, int length) {
        ByteBuffer out = ByteBuffer.allocate(NEWS + StreamRecord.sizeOf(length)).order(ByteOrder.LITTLE_ENDIAN);
        now += 1_000_000;
        out.putShort(Layout.TYPE, (short) Layout.EVENT_STREAM).putShort(Layout.VERSION, (short) StreamRecord.VERSION);
        out.putInt(Layout.SIZE, out.capacity()).putLong(Layout.KTIME, now);
        out.putLong(StreamLayout.CONNECTION, connection).putLong(NEWS + StreamLayout.SINCE, now - 1000);
        out.putLong(StreamLayout.CGROUP, 77).putLong(StreamLayout.GENERATION, 1);
        out.putLong(StreamLayout.THRESHOLD, threshold).putLong(StreamLayout.SLOWER_THAN, slowerThan);
        out.putInt(StreamLayout.CONFIG_FLAGS, flags).putInt(StreamLayout.PROTOCOLS, protocols);
        out.putInt(StreamLayout.COUNT, 1)
                .putInt(StreamLayout.MAX_SPANS, maxSpans)
                .putInt(StreamLayout.PID, 42);
        out.putInt(NEWS + StreamLayout.SERIAL, serials.merge(answer, 1, Integer::sum) - 1);
        // As if the kernel could count no insertions.
        out.putInt(NEWS + StreamLayout.UNCOUNTED, serials.get(answer)).putInt(NEWS + StreamLayout.STREAM, stream);
        out.putShort(NEWS + StreamLayout.LENGTH, (short) length).putShort(StreamLayout.ERROR_FROM, (short) 500);
        out.putShort(StreamLayout.LOCAL_PORT, (short) port);
        out.put(NEWS + StreamLayout.KIND, (byte) kind.ordinal()).put(StreamLayout.ROLE, (byte) SERVER);
        return out.put(StreamLayout.ANSWERS, (byte) (answer ? 1 : 0));
    }
}
