package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.spandrel.agent.decorate.TracedResource;
import dev.spandrel.agent.event.ExchangeBytes;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.span.Key;
import dev.spandrel.agent.span.SpanKind;
import dev.spandrel.agent.span.SpanSink;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What messaging asks of a sink: its kinds of span, and links to those who sent. */
class SpanLinksTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final byte[] IDS = HexFormat.of().parseHex(TRACE + "00f067aa0ba902b7" + "00f067aa0ba902b8");

    @Test
    void areWritten() throws Exception {
        Span span = ExportTraceServiceRequest.parseFrom(encode(new ProtoSpanEncoder("1")))
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpans(0);
        assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CONSUMER);
        assertThat(span.getLinksList()).hasSize(2).allSatisfy(link -> {
            assertThat(link.getTraceId()).isEqualTo(ByteString.copyFrom(IDS, 0, 16));
            assertThat(link.getFlags()).isEqualTo(0x301);
        });
        assertThat(span.getLinks(1).getSpanId()).isEqualTo(ByteString.copyFrom(IDS, 24, 8));
    }

    @Test
    void areWrittenAsJson() {
        String link = "{\"traceId\":\"" + TRACE + "\",\"spanId\":\"00f067aa0ba902b%d\",\"flags\":769}";
        assertThat(new String(encode(new JsonSpanEncoder("1")), StandardCharsets.UTF_8))
                .contains("],\"links\":[" + link.formatted(7) + "," + link.formatted(8) + "],\"status\":{}}");
    }

    private static byte[] encode(SpanEncoder encoder) {
        encoder.start();
        SpanSink sink = encoder.of(new TracedResource(new TreeMap<>(), List.of()));
        ExchangeRecord ids = new ExchangeRecord().wrap(new ExchangeBytes().bytes(), 0);
        sink.begin(ids, SpanKind.CONSUMER, "receive orders", 1, 2, 0, new Slice());
        sink.text(Key.requestHeader("a"), "b");
        for (int at : List.of(16, 24)) {
            sink.link(new Slice().set(IDS, 0, 16), new Slice().set(IDS, at, at + 8), 0x301);
        }
        sink.end(false);
        ByteBuffer request = encoder.finish();
        return Arrays.copyOf(request.array(), request.remaining());
    }
}
