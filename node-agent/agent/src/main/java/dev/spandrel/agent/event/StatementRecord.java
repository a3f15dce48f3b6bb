package dev.spandrel.agent.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads one {@code statement_event} in place. A flyweight: {@link #wrap} moves it to another record. */
public final class StatementRecord {
    private byte[] bytes = new byte[Layout.STATEMENT_SIZE];
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private int offset;

    /** The bytes must hold a whole record at the offset, as {@link RecordCheck} found. */
    public StatementRecord wrap(byte[] source, int at) {
        bytes = source;
        view = ByteBuffer.wrap(source).order(ByteOrder.LITTLE_ENDIAN);
        offset = at;
        return this;
    }

    /** As in {@link ExchangeRecord#connection()}. */
    public long connection() {
        return view.getLong(offset + Layout.STATEMENT_CONNECTION);
    }

    /** As contract and kernel number them. */
    public int protocol() {
        return bytes[offset + Layout.STATEMENT_PROTOCOL] & 0xff;
    }

    /** What it is, in the protocol's own terms. */
    public int kind() {
        return bytes[offset + Layout.STATEMENT_KIND] & 0xff;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where what was sent begins in {@link #bytes()}. */
    public int from() {
        return offset + Layout.STATEMENT_SIZE;
    }

    public int to() {
        return from() + view.getInt(offset + Layout.STATEMENT_LENGTH);
    }
}
