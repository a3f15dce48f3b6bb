package dev.spandrel.agent.event;

import dev.spandrel.contract.ProtocolNames;
import dev.spandrel.contract.v1.Protocol;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** A fuzzer's bytes as what the kernel captured of a protocol: the first ones are what its records say beside the capture, the rest is the capture. */
public record FuzzInput(byte[] data) {
    /** Protocol, kind or method, end, role, four bytes of status, four of rows. */
    public static final int FIELDS = 12;

    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int STREAM = 1;
    private static final List<Protocol> PROTOCOLS = ProtocolNames.known();

    /** A seed: what an exchange says. */
    public static FuzzInput of(ExchangeRecord exchange) {
        ByteBuffer out = ByteBuffer.allocate(FIELDS + exchange.headLength()).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) PROTOCOLS.indexOf(Protocol.forNumber(exchange.protocol())));
        out.put((byte) exchange.operation()).put((byte) exchange.end().ordinal());
        out.put((byte) exchange.role().ordinal()).putInt(exchange.status()).putInt((int) exchange.rows());
        return new FuzzInput(out.put(exchange.bytes(), exchange.headOffset(), exchange.headLength())
                .array());
    }

    /** The protocol that the first byte asks for. */
    public Protocol protocol() {
        return PROTOCOLS.get((data[0] & 0xff) % PROTOCOLS.size());
    }

    public ExchangeRecord exchange(Protocol protocol, long connection) {
        ByteBuffer out = record(Layout.EVENT_EXCHANGE, Layout.EXCHANGE_SIZE);
        out.put(Layout.METHOD, data[1]).put(Layout.END, (byte) ((data[2] & 0xff) % End.values().length));
        out.put(Layout.ROLE, (byte) (1 + (data[3] & 1))).put(Layout.PROTOCOL, (byte) protocol.getNumber());
        out.put(Layout.STATUS, data, 4, 8);
        out.putShort(Layout.HEAD_LEN, (short) (data.length - FIELDS)).putLong(Layout.CONNECTION, connection);
        return new ExchangeRecord().wrap(out.array(), 0);
    }

    public StatementRecord statement(Protocol protocol, long connection) {
        ByteBuffer out = record(Layout.EVENT_STATEMENT, Layout.STATEMENT_SIZE);
        out.put(Layout.STATEMENT_PROTOCOL, (byte) protocol.getNumber()).put(Layout.STATEMENT_KIND, data[1]);
        out.putInt(Layout.STATEMENT_LENGTH, data.length - FIELDS).putLong(Layout.STATEMENT_CONNECTION, connection);
        return new StatementRecord().wrap(out.array(), 0);
    }

    /** The capture as header blocks of a stream: a request in one frame or two, and its answer. */
    public List<MemorySegment> frames(long connection) {
        StreamBytes wire = new StreamBytes(connection);
        int length = data.length - FIELDS;
        byte[] asked = Arrays.copyOfRange(data, FIELDS, FIELDS + length / 2);
        byte[] answered = Arrays.copyOfRange(data, FIELDS + length / 2, data.length);
        int cut = asked.length == 0 ? 0 : (data[4] & 0xff) % asked.length;
        return List.of(
                wire.frame(false, STREAM, HEADERS, data[1], Arrays.copyOf(asked, cut)),
                wire.frame(false, STREAM, CONTINUATION, data[2], Arrays.copyOfRange(asked, cut, asked.length)),
                wire.frame(true, STREAM, HEADERS, data[3], answered),
                wire.news(News.RESET, true, STREAM, data[5]),
                wire.news(News.CLOSED, true, 0, (data[6] & 0xff) % End.values().length));
    }

    private ByteBuffer record(int type, int size) {
        ByteBuffer out = ByteBuffer.allocate(size + data.length - FIELDS).order(ByteOrder.LITTLE_ENDIAN);
        out.put(size, data, FIELDS, data.length - FIELDS);
        out.putShort(Layout.TYPE, (short) type).putShort(Layout.VERSION, (short) RecordCheck.VERSION);
        return out.putInt(Layout.SIZE, out.capacity());
    }
}
