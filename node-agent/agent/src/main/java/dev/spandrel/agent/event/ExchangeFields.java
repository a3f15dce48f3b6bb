package dev.spandrel.agent.event;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes one {@code exchange_event}, for exchanges that the agent puts together. Bytes are used again: one record at a time. */
public final class ExchangeFields {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle NETWORK = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int ADDRESS = 16;

    private byte[] bytes = new byte[1024];
    private int length;

    public ExchangeFields start(int headLength) {
        length = Layout.EXCHANGE_SIZE + headLength;
        if (length > bytes.length) {
            bytes = new byte[length * 2];
        }
        Arrays.fill(bytes, 0, Layout.EXCHANGE_SIZE, (byte) 0);
        SHORT.set(bytes, Layout.TYPE, (short) Layout.EVENT_EXCHANGE);
        SHORT.set(bytes, Layout.VERSION, (short) RecordCheck.VERSION);
        INT.set(bytes, Layout.SIZE, length);
        SHORT.set(bytes, Layout.HEAD_LEN, (short) headLength);
        return this;
    }

    /** As numbers in network order. */
    public ExchangeFields ids(long high, long low, long spanId, long parentSpanId) {
        NETWORK.set(bytes, Layout.TRACE_ID, high);
        NETWORK.set(bytes, Layout.TRACE_ID + Long.BYTES, low);
        NETWORK.set(bytes, Layout.SPAN_ID, spanId);
        NETWORK.set(bytes, Layout.PARENT_SPAN_ID, parentSpanId);
        return this;
    }

    public ExchangeFields times(
            long emitted, long requestStart, long requestEnd, long responseStart, long responseEnd) {
        LONG.set(bytes, Layout.KTIME, emitted);
        LONG.set(bytes, Layout.REQUEST_START, requestStart);
        LONG.set(bytes, Layout.REQUEST_END, requestEnd);
        LONG.set(bytes, Layout.RESPONSE_START, responseStart);
        LONG.set(bytes, Layout.RESPONSE_END, responseEnd);
        return this;
    }

    public ExchangeFields bytes(long request, long response) {
        LONG.set(bytes, Layout.REQUEST_BYTES, request);
        LONG.set(bytes, Layout.RESPONSE_BYTES, response);
        return this;
    }

    public ExchangeFields config(long cgroup, long generation, long threshold, int policy) {
        LONG.set(bytes, Layout.CGROUP, cgroup);
        LONG.set(bytes, Layout.GENERATION, generation);
        LONG.set(bytes, Layout.THRESHOLD, threshold);
        INT.set(bytes, Layout.POLICY, policy);
        return this;
    }

    public ExchangeFields task(long connection, int pid, int tid, int netns) {
        LONG.set(bytes, Layout.CONNECTION, connection);
        INT.set(bytes, Layout.PID, pid);
        INT.set(bytes, Layout.TID, tid);
        INT.set(bytes, Layout.NETNS, netns);
        return this;
    }

    public ExchangeFields addresses(byte[] from, int local, int remote, int localPort, int remotePort) {
        System.arraycopy(from, local, bytes, Layout.LOCAL_ADDRESS, ADDRESS);
        System.arraycopy(from, remote, bytes, Layout.REMOTE_ADDRESS, ADDRESS);
        SHORT.set(bytes, Layout.LOCAL_PORT, (short) localPort);
        SHORT.set(bytes, Layout.REMOTE_PORT, (short) remotePort);
        return this;
    }

    public ExchangeFields outcome(int status, End end, int keep) {
        INT.set(bytes, Layout.STATUS, status);
        bytes[Layout.END] = (byte) end.ordinal();
        bytes[Layout.KEEP] = (byte) keep;
        return this;
    }

    public ExchangeFields request(int protocol, Role role, Method method, Parent parent, int traceFlags) {
        bytes[Layout.PROTOCOL] = (byte) protocol;
        bytes[Layout.ROLE] = (byte) role.ordinal();
        bytes[Layout.METHOD] = (byte) method.ordinal();
        bytes[Layout.PARENT] = (byte) parent.ordinal();
        bytes[Layout.TRACE_FLAGS] = (byte) traceFlags;
        return this;
    }

    public ExchangeFields marks(boolean hasUnknown, boolean tls) {
        bytes[Layout.MARKS] = (byte) (Layout.OF_STREAM | (hasUnknown ? Layout.HAS_UNKNOWN : 0));
        bytes[Layout.TLS] = (byte) (tls ? 1 : 0);
        return this;
    }

    public ExchangeFields comm(byte[] from, int at) {
        System.arraycopy(from, at, bytes, Layout.COMM, Layout.COMM_SIZE);
        return this;
    }

    public ExchangeFields head(byte[] from, int at, int count) {
        System.arraycopy(from, at, bytes, Layout.EXCHANGE_SIZE, count);
        return this;
    }

    /** Where in the head the bodies begin that are a part of it: of the request, and of the answer. */
    public ExchangeFields bodies(int asked, int answered) {
        INT.set(bytes, Layout.ROWS, asked | answered << 16);
        return this;
    }

    /** The record; valid until the next start. */
    public MemorySegment segment() {
        return MemorySegment.ofArray(bytes).asSlice(0, length);
    }
}
