package dev.spandrel.agent.export;

import com.google.gson.JsonParser;
import dev.spandrel.agent.decorate.TracedResource;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.RecordCheck;
import dev.spandrel.agent.event.StatementRecord;
import dev.spandrel.agent.span.CapturedHeader;
import dev.spandrel.agent.span.SpanWriter;
import dev.spandrel.agent.span.WallClock;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A target for Jazzer: any bytes at all as a record of the ring. What is taken for an exchange becomes a span that OTLP's own readers can read; nothing throws. */
public final class RecordFuzz {
    private static final TracedResource RESOURCE = new TracedResource(
            new TreeMap<>(Map.of("service.name", "shop")), List.of(new CapturedHeader("x-tenant-id")));
    static final WallClock CLOCK = new WallClock(() -> 0, () -> 1_700_000_000_000_000_000L);
    private static final SpanWriter SPANS = new SpanWriter(CLOCK);
    private static final SpanEncoder JSON = new JsonSpanEncoder("1");
    private static final SpanEncoder PROTO = new ProtoSpanEncoder("1");

    private RecordFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        switch (RecordCheck.of(MemorySegment.ofArray(data), 0, data.length)) {
            case EXCHANGE -> written(SPANS, new ExchangeRecord().wrap(data, 0));
            case STATEMENT -> SPANS.learn(new StatementRecord().wrap(data, 0));
            case CGROUP, STREAM, OTHER, MALFORMED -> {}
        }
    }

    /** Writes the exchange as OTLP, in both ways, and reads that. */
    static void written(SpanWriter spans, ExchangeRecord exchange) {
        var _ = JsonParser.parseString(new String(encode(spans, JSON, exchange), StandardCharsets.UTF_8));
        try {
            ExportTraceServiceRequest.parseFrom(encode(spans, PROTO, exchange));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] encode(SpanWriter spans, SpanEncoder encoder, ExchangeRecord exchange) {
        encoder.start();
        spans.write(exchange, RESOURCE.requestHeaders(), encoder.of(RESOURCE));
        ByteBuffer request = encoder.finish();
        return Arrays.copyOf(request.array(), request.remaining());
    }
}
