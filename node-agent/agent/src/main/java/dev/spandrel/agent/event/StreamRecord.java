package dev.spandrel.agent.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads one {@code stream_event} in place. A flyweight: {@link #wrap} moves it to another record. */
public final class StreamRecord {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[StreamLayout.SIZE];
    private int offset;

    /** The bytes must hold a whole record at the offset, as {@link RecordCheck} found. */
    public StreamRecord wrap(byte[] source, int at) {
        bytes = source;
        offset = at;
        return this;
    }

    /** Of the last byte that passed. */
    public long time() {
        return u64(Layout.KTIME);
    }

    /** Of the frame's first byte. */
    public long since() {
        return u64(StreamLayout.SINCE);
    }

    public long connection() {
        return u64(StreamLayout.CONNECTION);
    }

    /** What passes is the plaintext inside of TLS. */
    public boolean isTls() {
        return (connection() & 1) != 0;
    }

    /** Bytes of data frames of the request, or of its answer, since the stream's last news. */
    public long dataBytes(boolean answer) {
        return u64(StreamLayout.DATA_BYTES + (answer ? Long.BYTES : 0));
    }

    /** When a data frame ended the request; 0: none did since the stream's last news. */
    public long requestEnded() {
        return u64(StreamLayout.ENDED);
    }

    public long cgroup() {
        return u64(StreamLayout.CGROUP);
    }

    public long generation() {
        return u64(StreamLayout.GENERATION);
    }

    public long threshold() {
        return u64(StreamLayout.THRESHOLD);
    }

    public long slowerThan() {
        return u64(StreamLayout.SLOWER_THAN);
    }

    public int configFlags() {
        return u32(StreamLayout.CONFIG_FLAGS);
    }

    /** Bits by number of protocol. */
    public int protocols() {
        return u32(StreamLayout.PROTOCOLS);
    }

    public int policy() {
        return u32(StreamLayout.POLICY);
    }

    public int maxSpans() {
        return u32(StreamLayout.MAX_SPANS);
    }

    public int pid() {
        return u32(StreamLayout.PID);
    }

    public int tid() {
        return u32(StreamLayout.TID);
    }

    public int netns() {
        return u32(StreamLayout.NETNS);
    }

    /** Counts the news of its direction of the connection. */
    public int serial() {
        return u32(StreamLayout.SERIAL);
    }

    /** Entries that the direction's header blocks put into its table before this one, as the kernel counted them. */
    public int inserted() {
        return u32(StreamLayout.INSERTED);
    }

    /** Another number than before: not all of them could be counted. */
    public int uncounted() {
        return u32(StreamLayout.UNCOUNTED);
    }

    public int stream() {
        return u32(StreamLayout.STREAM);
    }

    public int code() {
        return u32(StreamLayout.CODE);
    }

    /** Bytes of the frame that are still to come. */
    public int remaining() {
        return u32(StreamLayout.REMAINING);
    }

    public int errorFrom() {
        return (short) SHORT.get(bytes, offset + StreamLayout.ERROR_FROM) & 0xffff;
    }

    public int localPort() {
        return (short) SHORT.get(bytes, offset + StreamLayout.LOCAL_PORT) & 0xffff;
    }

    public int remotePort() {
        return (short) SHORT.get(bytes, offset + StreamLayout.REMOTE_PORT) & 0xffff;
    }

    /** Addresses, ports and network namespace of a later record, where this one was made before they were known: of TLS on memory, its socket is found after its first bytes. */
    public void learnAddresses(StreamRecord later) {
        if (localPort() != 0 || remotePort() != 0) {
            return;
        }
        copy(later, StreamLayout.LOCAL_ADDRESS, StreamLayout.KIND);
        copy(later, StreamLayout.NETNS, StreamLayout.SERIAL);
    }

    private void copy(StreamRecord other, int from, int to) {
        System.arraycopy(other.bytes, other.offset + from, bytes, offset + from, to - from);
    }

    public News kind() {
        return News.of(u8(StreamLayout.KIND));
    }

    public Role role() {
        return Role.of(u8(StreamLayout.ROLE));
    }

    /** Of the direction that answers requests. */
    public boolean isAnswer() {
        return u8(StreamLayout.ANSWERS) != 0;
    }

    public int frameType() {
        return u8(StreamLayout.FRAME_TYPE);
    }

    public int frameFlags() {
        return u8(StreamLayout.FRAME_FLAGS);
    }

    /** Whether the frame begins with these bytes. */
    public boolean isFirst() {
        return u8(StreamLayout.FIRST) != 0;
    }

    /** Chance passed over the stream: this is told for the sake of the table alone. */
    public boolean isPassedOver() {
        return u8(StreamLayout.PASSED_OVER) != 0;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int localAddressOffset() {
        return offset + StreamLayout.LOCAL_ADDRESS;
    }

    public int remoteAddressOffset() {
        return offset + StreamLayout.REMOTE_ADDRESS;
    }

    public int commOffset() {
        return offset + StreamLayout.COMM;
    }

    /** Where the part of the frame's payload begins in {@link #bytes()}. */
    public int from() {
        return offset + StreamLayout.SIZE;
    }

    public int to() {
        return from() + ((short) SHORT.get(bytes, offset + StreamLayout.LENGTH) & 0xffff);
    }

    private long u64(int field) {
        return (long) LONG.get(bytes, offset + field);
    }

    private int u32(int field) {
        return (int) INT.get(bytes, offset + field);
    }

    private int u8(int field) {
        return bytes[offset + field] & 0xff;
    }
}
