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
    private static final SpanWriter SPANS = new SpanWriter(new WallClock(() -> 0, () -> 1_700_000_000_000_000_000L));

    private RecordFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        switch (RecordCheck.of(MemorySegment.ofArray(data), 0, data.length)) {
            case EXCHANGE -> {
                var exchange = new ExchangeRecord().wrap(data, 0);
                var _ = JsonParser.parseString(
                        new String(encode(new JsonSpanEncoder("1"), exchange), StandardCharsets.UTF_8));
                try {
                    ExportTraceServiceRequest.parseFrom(encode(new ProtoSpanEncoder("1"), exchange));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            case STATEMENT -> SPANS.learn(new StatementRecord().wrap(data, 0));
            case CGROUP, OTHER, MALFORMED -> {}
        }
    }

    private static byte[] encode(SpanEncoder encoder, ExchangeRecord exchange) {
        encoder.start();
        SPANS.write(exchange, RESOURCE.requestHeaders(), encoder.of(RESOURCE));
        ByteBuffer request = encoder.finish();
        return Arrays.copyOf(request.array(), request.remaining());
    }
}
