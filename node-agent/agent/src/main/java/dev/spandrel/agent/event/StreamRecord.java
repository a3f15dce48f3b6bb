package dev.spandrel.agent.event;

import dev.spandrel.contract.v1.Protocol;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads one {@code stream_news} in place, with what its {@code stream_event} says of the connection. A flyweight: {@link #wrap} moves it to the front of
 * another record, {@link #next} to each news of it.
 */
public final class StreamRecord {
    static final int VERSION = 2;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[StreamLayout.SIZE];
    private int offset;
    private int news;
    private int after;
    private int left;

    /** The bytes must hold a whole record at the offset, as {@link RecordCheck} found. */
    public StreamRecord wrap(byte[] source, int at) {
        bytes = source;
        offset = at;
        after = at + StreamLayout.SIZE;
        left = u32(StreamLayout.COUNT);
        return this;
    }

    /** Goes on to the next news of the record. False: there is none. */
    public boolean next() {
        if (left == 0) {
            return false;
        }
        left--;
        news = after;
        after = news + sizeOf(length());
        return true;
    }

    /** The news at hand alone, without its bytes; a copy. */
    public StreamRecord copy() {
        StreamRecord copy = new StreamRecord();
        copy.bytes = new byte[StreamLayout.SIZE + StreamLayout.NEWS_SIZE];
        System.arraycopy(bytes, offset, copy.bytes, 0, StreamLayout.SIZE);
        System.arraycopy(bytes, news, copy.bytes, StreamLayout.SIZE, StreamLayout.NEWS_SIZE);
        copy.news = StreamLayout.SIZE;
        return copy;
    }

    /** Bytes of a record that news with so many bytes of a block take. */
    static int sizeOf(int length) {
        return StreamLayout.NEWS_SIZE + (length + 7 & -8);
    }

    /** Of the last byte that passed. */
    public long time() {
        return u64(Layout.KTIME);
    }

    /** Of the frame's first byte. */
    public long since() {
        return (long) LONG.get(bytes, news + StreamLayout.SINCE);
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
        return (long) LONG.get(bytes, news + StreamLayout.DATA_BYTES + (answer ? Long.BYTES : 0));
    }

    /** When a data frame ended the request; 0: none did since the stream's last news. */
    public long requestEnded() {
        return (long) LONG.get(bytes, news + StreamLayout.ENDED);
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

    /** Whether the policy asks for the protocol of this number. */
    public boolean asksFor(int protocol) {
        return (u32(StreamLayout.PROTOCOLS) >>> protocol & 1) != 0;
    }

    /** Whether it does by the protocol's own word, and not by asking for all. */
    public boolean names(int protocol) {
        return asksFor(protocol) && !asksFor(Protocol.PROTOCOL_ALL_VALUE);
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
        return (int) INT.get(bytes, news + StreamLayout.SERIAL);
    }

    /** Entries that the direction's header blocks put into its table before this one, as the kernel counted them. */
    public int inserted() {
        return (int) INT.get(bytes, news + StreamLayout.INSERTED);
    }

    /** Another number than before: not all of them could be counted. */
    public int uncounted() {
        return (int) INT.get(bytes, news + StreamLayout.UNCOUNTED);
    }

    public int stream() {
        return (int) INT.get(bytes, news + StreamLayout.STREAM);
    }

    public int code() {
        return (int) INT.get(bytes, news + StreamLayout.CODE);
    }

    /** Bytes of the frame that are still to come. */
    public int remaining() {
        return (int) INT.get(bytes, news + StreamLayout.REMAINING);
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
        copy(later, StreamLayout.NETNS, StreamLayout.ERROR_FROM);
        copy(later, StreamLayout.LOCAL_PORT, StreamLayout.ROLE);
        copy(later, StreamLayout.LOCAL_ADDRESS, StreamLayout.COMM);
    }

    private void copy(StreamRecord other, int from, int to) {
        System.arraycopy(other.bytes, other.offset + from, bytes, offset + from, to - from);
    }

    public News kind() {
        return News.of(bytes[news + StreamLayout.KIND] & 0xff);
    }

    public Role role() {
        return Role.of(u8(StreamLayout.ROLE));
    }

    /** Of the direction that answers requests. */
    public boolean isAnswer() {
        return u8(StreamLayout.ANSWERS) != 0;
    }

    public int frameType() {
        return bytes[news + StreamLayout.FRAME_TYPE] & 0xff;
    }

    public int frameFlags() {
        return bytes[news + StreamLayout.FRAME_FLAGS] & 0xff;
    }

    /** Whether the frame begins with these bytes. */
    public boolean isFirst() {
        return bytes[news + StreamLayout.FIRST] != 0;
    }

    /** Chance passed over the stream: this is told for the sake of the table alone. */
    public boolean isPassedOver() {
        return bytes[news + StreamLayout.PASSED_OVER] != 0;
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

    /** Frames of data that followed the header block ended the answer. */
    public boolean isAnswered() {
        return bytes[news + StreamLayout.ANSWERED] != 0;
    }

    /** Where the part of the frame's payload begins in {@link #bytes()}. */
    public int from() {
        return news + StreamLayout.NEWS_SIZE;
    }

    public int to() {
        return from() + length();
    }

    private int length() {
        return (short) SHORT.get(bytes, news + StreamLayout.LENGTH) & 0xffff;
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
