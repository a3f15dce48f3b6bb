package dev.spandrel.agent.export;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.FuzzInput;
import dev.spandrel.agent.protocol.Grpc;
import dev.spandrel.agent.protocol.Http2;
import dev.spandrel.agent.span.SpanWriter;
import dev.spandrel.agent.stream.Streams;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.contract.v1.Protocol;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * A target for Jazzer: any bytes as a capture of any protocol of the registry, or of the one that the property {@code spandrel.fuzz.protocol} names. It is
 * learned from, becomes a span that may speak of what was learned, and of HTTP/2 it is read as header blocks; nothing throws.
 */
public final class ProtocolFuzz {
    private static final String ONLY = System.getProperty("spandrel.fuzz.protocol", "");
    private static final SpanWriter SPANS = new SpanWriter(RecordFuzz.CLOCK);
    /** Each input is a connection of its own, so that none depends on those before it. */
    private static long connection;

    private ProtocolFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length >= FuzzInput.FIELDS) {
            FuzzInput input = new FuzzInput(data);
            fuzz(input, ONLY.isEmpty() ? input.protocol() : Protocol.valueOf("PROTOCOL_" + ONLY));
        }
    }

    static void fuzz(FuzzInput input, Protocol protocol) {
        connection++;
        SPANS.learn(input.statement(protocol, connection));
        RecordFuzz.written(SPANS, input.exchange(protocol, connection));
        if (protocol.getNumber() == Http2.NUMBER || protocol.getNumber() == Grpc.NUMBER) {
            Streams streams = new Streams(
                    new WorkloadIndex(),
                    kept -> RecordFuzz.written(
                            SPANS, new ExchangeRecord().wrap(kept.toArray(ValueLayout.JAVA_BYTE), 0)),
                    new Random(1));
            input.frames(connection).forEach(frame -> streams.news(frame, 0, (int) frame.byteSize()));
        }
    }
}
