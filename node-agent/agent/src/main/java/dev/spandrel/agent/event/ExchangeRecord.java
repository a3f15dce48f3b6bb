package dev.spandrel.agent.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads one {@code exchange_event} in place. A flyweight: {@link #wrap} moves it to another record. */
public final class ExchangeRecord {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long SAMPLED_BITS = (1L << 56) - 1;

    private byte[] bytes = new byte[Layout.EXCHANGE_SIZE];
    private int offset;

    /** The bytes must hold a whole record at the offset, as {@link RecordCheck} found. */
    public ExchangeRecord wrap(byte[] source, int at) {
        bytes = source;
        offset = at;
        return this;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the 16 bytes of the trace id are in {@link #bytes()}. */
    public int traceIdOffset() {
        return offset + Layout.TRACE_ID;
    }

    /** The trace id's low 56 bits, which consistent probability sampling compares with the threshold. */
    public long sampledValue() {
        return Long.reverseBytes(u64(Layout.TRACE_ID + Long.BYTES)) & SAMPLED_BITS;
    }

    /** Where the 8 bytes of the span id are, in network order. */
    public int spanIdOffset() {
        return offset + Layout.SPAN_ID;
    }

    public int parentSpanIdOffset() {
        return offset + Layout.PARENT_SPAN_ID;
    }

    public boolean hasParent() {
        return u64(Layout.PARENT_SPAN_ID) != 0;
    }

    public long emitted() {
        return u64(Layout.KTIME);
    }

    public long requestStart() {
        return u64(Layout.REQUEST_START);
    }

    public long requestEnd() {
        return u64(Layout.REQUEST_END);
    }

    public long responseStart() {
        return u64(Layout.RESPONSE_START);
    }

    public long responseEnd() {
        return u64(Layout.RESPONSE_END);
    }

    public long requestBytes() {
        return u64(Layout.REQUEST_BYTES);
    }

    public long responseBytes() {
        return u64(Layout.RESPONSE_BYTES);
    }

    public long generation() {
        return u64(Layout.GENERATION);
    }

    public long threshold() {
        return u64(Layout.THRESHOLD);
    }

    public int pid() {
        return (int) INT.get(bytes, offset + Layout.PID);
    }

    public int tid() {
        return (int) INT.get(bytes, offset + Layout.TID);
    }

    public int localAddressOffset() {
        return offset + Layout.LOCAL_ADDRESS;
    }

    public int remoteAddressOffset() {
        return offset + Layout.REMOTE_ADDRESS;
    }

    public int localPort() {
        return u16(Layout.LOCAL_PORT);
    }

    public int remotePort() {
        return u16(Layout.REMOTE_PORT);
    }

    /** Unique on this node while the agent runs. */
    public long connection() {
        return u64(Layout.CONNECTION);
    }

    /** As contract and kernel number them. */
    public int protocol() {
        return u8(Layout.PROTOCOL);
    }

    /** 0: none seen. The code of HTTP; a database's error in its protocol's own packing. */
    public int status() {
        return (int) INT.get(bytes, offset + Layout.STATUS);
    }

    /** Rows that a database answered. */
    public long rows() {
        return Integer.toUnsignedLong((int) INT.get(bytes, offset + Layout.ROWS));
    }

    public int headOffset() {
        return offset + Layout.EXCHANGE_SIZE;
    }

    public int headLength() {
        return u16(Layout.HEAD_LEN);
    }

    /** Of HTTP whose bodies were read: where the request's begins, as far as it was kept; at {@link #requestBodyEnd} if nothing was. */
    public int requestBodyOffset() {
        int from = (int) rows() & 0xffff;
        return from == 0 ? requestBodyEnd() : Math.min(headOffset() + from, requestBodyEnd());
    }

    public int requestBodyEnd() {
        return answerBodyOffset();
    }

    /** Likewise the answer's. */
    public int answerBodyOffset() {
        int from = (int) (rows() >>> 16);
        return from == 0 ? answerBodyEnd() : Math.min(headOffset() + from, answerBodyEnd());
    }

    public int answerBodyEnd() {
        return headOffset() + headLength();
    }

    /** It is told only if it is what it looks like: plain HTTP is not asked for. */
    public boolean isOfCarrier() {
        return (u8(Layout.MARKS) & Layout.OF_CARRIER) != 0;
    }

    /** HTTP/2 carried it, whatever it is. */
    public boolean isOfStream() {
        return (u8(Layout.MARKS) & Layout.OF_STREAM) != 0;
    }

    /** It went through TLS. */
    public boolean tls() {
        return u8(Layout.TLS) != 0;
    }

    public Role role() {
        return Role.of(u8(Layout.ROLE));
    }

    public Method method() {
        return Method.of(operation());
    }

    /** What is done, as the protocol numbers it. */
    public int operation() {
        return u8(Layout.METHOD);
    }

    public int minorVersion() {
        return u8(Layout.MINOR_VERSION);
    }

    public End end() {
        return End.of(u8(Layout.END));
    }

    public Parent parent() {
        return Parent.of(u8(Layout.PARENT));
    }

    /** Something of the request's headers is not known: the connection is older than the agent, or news were lost. */
    public boolean hasUnknown() {
        return (u8(Layout.MARKS) & Layout.HAS_UNKNOWN) != 0;
    }

    /** Bits of {@link Keep}. */
    public int keep() {
        return u8(Layout.KEEP);
    }

    public int traceFlags() {
        return u8(Layout.TRACE_FLAGS);
    }

    private long u64(int field) {
        return (long) LONG.get(bytes, offset + field);
    }

    private int u16(int field) {
        return (short) SHORT.get(bytes, offset + field) & 0xffff;
    }

    private int u8(int field) {
        return bytes[offset + field] & 0xff;
    }
}
