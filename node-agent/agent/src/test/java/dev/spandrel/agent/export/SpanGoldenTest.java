package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.util.JsonFormat;
import dev.spandrel.agent.decorate.TracedResource;
import dev.spandrel.agent.event.ExchangeBytes;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.span.CapturedHeader;
import dev.spandrel.agent.span.SpanWriter;
import dev.spandrel.agent.span.WallClock;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each {@code golden/span/NAME.exchange} becomes {@code NAME.json}; {@code -Dspandrel.refresh=true} writes it. Both encodings must say the same. */
class SpanGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/span");

    private final TracedResource resource = new TracedResource(
            new TreeMap<>(Map.of("service.name", "shop", "process.pid", 4242L)),
            List.of(new CapturedHeader("x-tenant-id")));
    private final SpanWriter spans = new SpanWriter(new WallClock(() -> 0, () -> 1_700_000_000_000_000_000L));

    static Stream<Path> cases() throws IOException {
        return Files.list(GOLDEN)
                .filter(file -> file.toString().endsWith(".exchange"))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void golden(Path file) throws IOException {
        ExchangeRecord exchange = new ExchangeRecord()
                .wrap(ExchangeBytes.parse(Files.readString(file)).bytes(), 0);
        JsonElement json =
                JsonParser.parseString(new String(encode(new JsonSpanEncoder("1"), exchange), StandardCharsets.UTF_8));
        assertThat(fromProto(encode(new ProtoSpanEncoder("1"), exchange))).isEqualTo(json);
        Path expected = Path.of(file.toString().replace(".exchange", ".json"));
        String span = new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(span(json)) + "\n";
        if (Boolean.getBoolean("spandrel.refresh")) {
            Files.writeString(expected, span);
        }
        assertThat(span).isEqualTo(Files.readString(expected));
    }

    private byte[] encode(SpanEncoder encoder, ExchangeRecord exchange) {
        encoder.start();
        spans.write(exchange, resource.requestHeaders(), encoder.of(resource));
        ByteBuffer request = encoder.finish();
        return Arrays.copyOf(request.array(), request.remaining());
    }

    private static JsonObject span(JsonElement request) {
        return request.getAsJsonObject()
                .getAsJsonArray("resourceSpans")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("scopeSpans")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("spans")
                .get(0)
                .getAsJsonObject();
    }

    /** Protobuf's JSON differs from OTLP's in how ids and enums are written. */
    private static JsonElement fromProto(byte[] bytes) throws IOException {
        JsonElement json = JsonParser.parseString(
                JsonFormat.printer().printingEnumsAsInts().print(ExportTraceServiceRequest.parseFrom(bytes)));
        JsonObject span = span(json);
        idsInHex(span);
        if (span.has("links")) {
            span.getAsJsonArray("links").forEach(link -> idsInHex(link.getAsJsonObject()));
        }
        if (!span.has("status")) {
            span.add("status", new JsonObject());
        }
        return json;
    }

    private static void idsInHex(JsonObject holder) {
        for (String id : List.of("traceId", "spanId", "parentSpanId")) {
            if (holder.has(id)) {
                byte[] bytes = Base64.getDecoder().decode(holder.get(id).getAsString());
                holder.addProperty(id, HexFormat.of().formatHex(bytes));
            }
        }
    }
}
