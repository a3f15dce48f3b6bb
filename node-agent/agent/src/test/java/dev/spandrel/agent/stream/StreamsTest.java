package dev.spandrel.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.event.ConfigBit;
import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Keep;
import dev.spandrel.agent.event.KernelCounter;
import dev.spandrel.agent.event.News;
import dev.spandrel.agent.event.Parent;
import dev.spandrel.agent.event.StreamBytes;
import dev.spandrel.agent.protocol.Elasticsearch;
import dev.spandrel.agent.protocol.Graphql;
import dev.spandrel.agent.protocol.Grpc;
import dev.spandrel.agent.protocol.Http2;
import dev.spandrel.agent.protocol.Jsonrpc;
import dev.spandrel.agent.protocol.Opensearch;
import dev.spandrel.agent.workload.HeaderRule;
import dev.spandrel.agent.workload.Selected;
import dev.spandrel.agent.workload.WorkloadIndex;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From news to exchanges. Header blocks are written by hand, without a table unless the test is about one. */
class StreamsTest {
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final long NONE_KEPT = 1L << 56;
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final List<ExchangeRecord> kept = new ArrayList<>();
    private final WorkloadIndex workloads = new WorkloadIndex();
    private final Streams streams = new Streams(workloads, this::keep, new Random(1));
    private final StreamBytes wire = new StreamBytes(5);

    private void keep(MemorySegment record) {
        kept.add(new ExchangeRecord().wrap(record.toArray(ValueLayout.JAVA_BYTE), 0));
    }

    private void take(MemorySegment record) {
        streams.news(record, 0, (int) record.byteSize());
    }

    /** Literals that leave the table alone. */
    private static byte[] block(String... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i++) {
            byte[] text = fields[i].getBytes(StandardCharsets.UTF_8);
            if (i % 2 == 0) {
                out.write(0);
            }
            out.write(text.length);
            out.writeBytes(text);
        }
        return out.toByteArray();
    }

    private static byte[] request(String path, String... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(block(":method", "POST", ":scheme", "http", ":path", path, ":authority", "shop:80"));
        out.writeBytes(block(more));
        return out.toByteArray();
    }

    private void ask(int stream, int flags, String path, String... more) {
        take(wire.frame(false, stream, Blocks.HEADERS, flags | END_HEADERS, request(path, more)));
    }

    private void answer(int stream, int flags, String... fields) {
        take(wire.frame(true, stream, Blocks.HEADERS, flags | END_HEADERS, block(fields)));
    }

    private static String head(ExchangeRecord exchange) {
        int from = exchange.headOffset();
        return new String(
                Arrays.copyOfRange(exchange.bytes(), from, from + exchange.headLength()), StandardCharsets.UTF_8);
    }

    private void select(HeaderRule... rules) {
        var selected = new Selected("w", Map.of(), Map.of(), "p", List.of("x-tenant-id"), List.of(rules), 0);
        workloads.replace(Map.of(77L, new WorkloadIndex.Place("/w", selected)));
    }

    @Test
    void aRequestAndItsAnswer() {
        select();
        ask(1, 0, "/a?b=1", "x-tenant-id", "blue", "cookie", "secret", "user-agent", "me");
        answer(1, 0, ":status", "103");
        answer(1, 0, ":status", "201");
        take(wire.news(News.END, true, 1, 0, 100, 900, wire.now()));
        ExchangeRecord exchange = kept.getFirst();
        assertThat(head(exchange))
                .isEqualTo("POST /a?b=1 HTTP/2\r\nhost: shop:80\r\nx-tenant-id: blue\r\nuser-agent: me\r\n\r\n");
        assertThat(exchange.protocol()).isEqualTo(Http2.NUMBER);
        assertThat(exchange.status()).isEqualTo(201);
        assertThat(exchange.requestBytes()).isGreaterThan(100);
        assertThat(exchange.responseBytes()).isGreaterThan(900);
        assertThat(exchange.responseEnd() - exchange.requestStart()).isEqualTo(4 * 1_000_000 - 1_000_000 + 1000);
        assertThat(exchange.hasUnknown()).isFalse();
        assertThat(streams.counts().requests()).singleElement().satisfies(count -> {
            assertThat(count.count()).isEqualTo(1);
            assertThat(count.status()).isEqualTo(201);
        });
    }

    @Test
    void whereASocketIsFoundAfterTheRequestTheAnswerSaysIt() {
        wire.port(0);
        ask(1, END_STREAM, "/early");
        wire.port(8080);
        answer(1, END_STREAM, ":status", "200");
        assertThat(kept.getFirst().localPort()).isEqualTo(8080);
        assertThat(streams.counts().requests())
                .singleElement()
                .satisfies(count -> assertThat(count.serverPort()).isEqualTo(8080));
    }

    @Test
    void interleavedStreams() {
        for (int stream = 1; stream < 200; stream += 2) {
            ask(stream, END_STREAM, "/" + stream);
        }
        for (int stream = 199; stream > 0; stream -= 2) {
            answer(stream, END_STREAM, ":status", "" + (200 + stream));
        }
        assertThat(kept)
                .hasSize(100)
                .allSatisfy(exchange -> assertThat(head(exchange)).contains("/" + (exchange.status() - 200) + " HTTP"));
    }

    @Test
    void aCallByItsTrailers() {
        ask(1, 0, "/a.B/C", "content-type", "application/grpc+proto");
        answer(1, 0, ":status", "200", "content-type", "application/grpc");
        answer(1, END_STREAM, "grpc-status", "5");
        ask(3, 0, "/a.B/C", "content-type", "application/grpc");
        answer(3, END_STREAM, ":status", "200", "grpc-status", "0");
        ask(5, 0, "/a.B/C", "content-type", "application/grpc");
        answer(5, END_STREAM, ":status", "503");
        assertThat(kept).extracting(ExchangeRecord::status).containsExactly(6, 1, 15);
        assertThat(kept).extracting(ExchangeRecord::protocol).containsOnly(Grpc.NUMBER);
        assertThat(streams.counts().requests())
                .hasSize(3)
                .allSatisfy(count -> assertThat(count.operation()).isEqualTo("a.B/C"));
    }

    @Test
    void aBlockInPartsFramesAndPadding() {
        byte[] block = request("/long", "x-tenant-id", "blue");
        byte[] first = new byte[1 + 5 + 20 + 3];
        first[0] = 3;
        System.arraycopy(block, 0, first, 6, 20);
        take(wire.part(false, 1, Blocks.HEADERS, 0x28 | END_STREAM, true, 19, Arrays.copyOf(first, 10)));
        take(wire.part(false, 1, Blocks.HEADERS, 0x28 | END_STREAM, false, 0, Arrays.copyOfRange(first, 10, 29)));
        take(wire.frame(false, 1, Blocks.CONTINUATION, 0, Arrays.copyOfRange(block, 20, 30)));
        take(wire.frame(false, 1, Blocks.CONTINUATION, END_HEADERS, Arrays.copyOfRange(block, 30, block.length)));
        answer(1, END_STREAM, ":status", "200");
        assertThat(head(kept.getFirst())).startsWith("POST /long HTTP/2\r\nhost: shop:80");
    }

    @Test
    void whatASideGivesUp() {
        ask(1, 0, "/http");
        take(wire.news(News.RESET, false, 1, 8));
        ask(3, 0, "/a.B/C", "content-type", "application/grpc");
        take(wire.news(News.RESET, true, 3, 7));
        ask(5, 0, "/a.B/C", "content-type", "application/grpc", "grpc-timeout", "10m");
        wire.pause(10_000_000);
        take(wire.news(News.RESET, false, 5, 8));
        ask(7, 0, "/late");
        take(wire.news(News.GOAWAY, true, 5, 0));
        ask(9, 0, "/a.B/C", "content-type", "application/grpc");
        take(wire.news(News.CLOSED, true, 0, End.ABORTED.ordinal()));
        assertThat(kept)
                .extracting(ExchangeRecord::end)
                .containsExactly(End.STREAM, End.STREAM, End.STREAM, End.STREAM, End.ABORTED);
        assertThat(kept).extracting(ExchangeRecord::status).containsExactly(0, 15, 5, 0, 2);
    }

    /** What was seen of a call begins behind its clock, and some say more than they wait: 1.01 s are sent where 1.001 are meant. */
    @Test
    void aDeadlineIsToldFromACancellation() {
        record Call(String timeout, long micros, boolean outOfTime) {}
        List<Call> calls = List.of(
                new Call("300m", 292_400, true),
                new Call("300m", 270_000, false),
                new Call("1010m", 1_001_000, true),
                new Call("1010m", 970_000, false),
                new Call("1M", 59_100_000, true),
                new Call("1M", 58_900_000, false),
                new Call("10m", 5_000, false));
        int stream = 1;
        for (Call call : calls) {
            ask(stream, 0, "/a.B/C", "content-type", "application/grpc", "grpc-timeout", call.timeout());
            wire.pause(call.micros() * 1000);
            take(wire.news(News.RESET, false, stream, 8));
            stream += 2;
        }
        assertThat(kept)
                .extracting(ExchangeRecord::status)
                .containsExactlyElementsOf(
                        calls.stream().map(call -> call.outOfTime() ? 5 : 2).toList());
    }

    /** As nginx gives up what its own client no longer waits for, and a process that ends. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeadlineIsOverAlsoWhereTheConnectionIsClosed(boolean closing) {
        ask(1, 0, "/a.B/C", "content-type", "application/grpc", "grpc-timeout", "200m");
        wire.pause(150_000_000);
        ask(3, 0, "/a.B/C", "content-type", "application/grpc", "grpc-timeout", "200m");
        wire.pause(50_000_000);
        take(wire.news(closing ? News.CLOSING : News.CLOSED, true, 0, End.ABORTED.ordinal()));
        long closed = wire.now();
        wire.pause(5_000_000_000L);
        streams.passed(wire.now());
        assertThat(kept).extracting(ExchangeRecord::status).containsExactlyInAnyOrder(5, 2);
        assertThat(kept).extracting(ExchangeRecord::responseEnd).containsOnly(closed);
    }

    @Test
    void whatAServerPushesIsNoRequest() {
        ask(1, END_STREAM, "/");
        byte[] promise = new byte[4 + request("/style").length];
        System.arraycopy(request("/style"), 0, promise, 4, promise.length - 4);
        take(wire.frame(true, 1, Blocks.PUSH_PROMISE, END_HEADERS, promise));
        answer(2, END_STREAM, ":status", "200");
        answer(1, END_STREAM, ":status", "404");
        assertThat(kept)
                .singleElement()
                .satisfies(one -> assertThat(one.status()).isEqualTo(404));
    }

    @Test
    void lostNewsMakeTheTableUnknownAndTheEndUncertain() {
        take(wire.frame(
                false, 1, Blocks.HEADERS, END_HEADERS, new byte[] {(byte) 0x83, 0x44, 2, '/', 'a', (byte) 0x86}));
        wire.lose(false);
        take(wire.frame(
                false, 3, Blocks.HEADERS, END_HEADERS | END_STREAM, new byte[] {(byte) 0x83, (byte) 0xbe, (byte) 0x86
                }));
        answer(3, END_STREAM, ":status", "200");
        assertThat(head(kept.getFirst())).isEqualTo("POST  HTTP/2\r\n\r\n");
        assertThat(kept.getFirst().hasUnknown()).isTrue();
        assertThat(kept.getFirst().parent()).isEqualTo(Parent.UNCERTAIN);
        wire.pause(60_000_000_000L);
        streams.passed(wire.now());
        assertThat(kept.getLast().end()).isEqualTo(End.LOST);
    }

    @Test
    void joinedMidwayACallIsOneOfHttpUntilItSaysWhatItIs() {
        take(wire.frame(false, 7, Blocks.HEADERS, END_HEADERS, new byte[] {(byte) 0x83, (byte) 0x86, (byte) 0xc0}));
        answer(7, 0, ":status", "200");
        answer(7, END_STREAM, "grpc-status", "0");
        take(wire.frame(false, 9, Blocks.HEADERS, END_HEADERS, new byte[] {(byte) 0x83, (byte) 0x86, (byte) 0xc0}));
        answer(9, END_STREAM, ":status", "200");
        assertThat(kept).extracting(ExchangeRecord::protocol).containsExactly(Grpc.NUMBER, Http2.NUMBER);
        assertThat(kept).allSatisfy(one -> assertThat(one.hasUnknown()).isTrue());
    }

    @Test
    void decidesAsTheKernelDoes() {
        select(new HeaderRule("x-debug", "1", true), new HeaderRule("b3", "", false));
        wire.threshold(NONE_KEPT).flag(ConfigBit.KEEP_ERRORS).slowerThan(50_000_000);
        ask(1, END_STREAM, "/none");
        answer(1, END_STREAM, ":status", "404");
        ask(3, END_STREAM, "/error");
        answer(3, END_STREAM, ":status", "500");
        ask(5, END_STREAM, "/rule", "x-debug", "1");
        answer(5, END_STREAM, ":status", "200");
        ask(7, END_STREAM, "/no-rule", "x-debug", "11", "b3", "0");
        answer(7, END_STREAM, ":status", "200");
        ask(9, END_STREAM, "/slow");
        wire.pause(50_000_000);
        answer(9, END_STREAM, ":status", "200");
        wire.flag(ConfigBit.HONOR_PARENT);
        ask(11, END_STREAM, "/parent", "traceparent", PARENT);
        answer(11, END_STREAM, ":status", "200");
        ask(13, END_STREAM, "/twice", "traceparent", PARENT, "traceparent", PARENT);
        answer(13, END_STREAM, ":status", "200");
        wire.flag(ConfigBit.CREATE_HEADER_PRESENT).flag(ConfigBit.TRACEPARENT_PRESENT);
        ask(15, END_STREAM, "/not-eligible");
        answer(15, END_STREAM, ":status", "500");
        assertThat(kept)
                .extracting(ExchangeRecord::keep)
                .containsExactly(Keep.ERROR, Keep.RULE, Keep.SLOW, Keep.PARENT);
        assertThat(kept.getLast().parent()).isEqualTo(Parent.HEADER);
        long[] counters = streams.counts().counters();
        assertThat(counters[KernelCounter.EXCHANGES.ordinal()]).isEqualTo(8);
        assertThat(counters[KernelCounter.SAMPLED_OUT.ordinal()]).isEqualTo(3);
        assertThat(counters[KernelCounter.NOT_ELIGIBLE.ordinal()]).isEqualTo(1);
    }

    @Test
    void aPolicysRateAndItsProtocols() {
        wire.maxSpans(5);
        for (int stream = 1; stream < 20; stream += 2) {
            ask(stream, END_STREAM, "/");
            answer(stream, END_STREAM, ":status", "200");
        }
        assertThat(kept).hasSize(5);
        wire.maxSpans(0).protocols(1 << Grpc.NUMBER);
        ask(21, END_STREAM, "/");
        answer(21, END_STREAM, ":status", "200");
        assertThat(kept).hasSize(5);
        assertThat(streams.counts().counters()[KernelCounter.EXCHANGES.ordinal()])
                .isEqualTo(10);
    }

    @Test
    void byChanceATraceIdReachesTheThreshold() {
        wire.threshold(NONE_KEPT / 100 * 99).flag(ConfigBit.BY_CHANCE);
        ask(1, END_STREAM, "/");
        answer(1, END_STREAM, ":status", "200");
        assertThat(kept.getFirst().sampledValue()).isGreaterThanOrEqualTo(NONE_KEPT / 100 * 99);
    }

    @Test
    void whatIsHeldIsBounded() {
        for (int stream = 1; stream < 2 * Connection.MOST + 100; stream += 2) {
            ask(stream, 0, "/");
        }
        assertThat(streams.counts().counters()[KernelCounter.PIPELINE.ordinal()])
                .isEqualTo(50);
    }

    @Test
    void noiseNeverThrows() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            byte[] payload = new byte[random.nextInt(30)];
            random.nextBytes(payload);
            boolean answer = random.nextBoolean();
            int stream = random.nextInt(20);
            if (random.nextInt(3) == 0) {
                take(wire.news(News.of(random.nextInt(5)), answer, stream, random.nextInt()));
            } else {
                take(wire.part(
                        answer,
                        stream,
                        random.nextInt(11),
                        random.nextInt(256),
                        random.nextBoolean(),
                        random.nextInt(3) * random.nextInt(100),
                        payload));
            }
            if (random.nextInt(10) == 0) {
                wire.lose(answer);
            }
        }
        assertThat(streams.counts().counters()[KernelCounter.FRAMING.ordinal()]).isPositive();
    }

    private void names(int... protocols) {
        int mask = 1 << Http2.NUMBER;
        for (int protocol : protocols) {
            mask |= 1 << protocol;
        }
        wire.protocols(mask);
    }

    private void body(boolean answer, int stream, int from, String text) {
        take(wire.body(answer, stream, from, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatABodySays() {
        names(Jsonrpc.NUMBER, Graphql.NUMBER);
        ask(1, 0, "/rpc", "content-type", "application/json");
        body(false, 1, 0, "{\"jsonrpc\": \"2.0\", ");
        body(false, 1, 19, "\"method\": \"add\"}");
        ask(3, 0, "/graphql", "content-type", "application/json");
        body(false, 3, 0, "{\"query\": \"{me}\"}");
        ask(5, 0, "/api", "content-type", "application/json");
        body(false, 5, 0, "{\"query\": 1}");
        answer(1, 0, ":status", "200");
        body(true, 1, 0, "{\"error\": 1}");
        take(wire.news(News.END, true, 1, 0));
        answer(3, END_STREAM, ":status", "200");
        answer(5, END_STREAM, ":status", "200");
        assertThat(kept).extracting(ExchangeRecord::protocol).containsExactly(Jsonrpc.NUMBER, Graphql.NUMBER, 8);
        ExchangeRecord call = kept.getFirst();
        assertThat(text(call, call.requestBodyOffset(), call.requestBodyEnd()))
                .isEqualTo("{\"jsonrpc\": \"2.0\", \"method\": \"add\"}");
        assertThat(text(call, call.answerBodyOffset(), call.answerBodyEnd())).isEqualTo("{\"error\": 1}");
        assertThat(head(kept.getLast())).as("what is neither").doesNotContain("query");
        assertThat(streams.counts().requests())
                .extracting(count -> count.protocol())
                .containsOnly(Jsonrpc.NUMBER, Http2.NUMBER);
    }

    /** What is behind a hole, or would be if news were lost, is not taken. */
    @Test
    void bodiesHaveNoHoles() {
        names(Jsonrpc.NUMBER);
        ask(1, 0, "/rpc");
        body(false, 1, 0, "{\"jsonrpc\": \"2.0\", ");
        body(false, 1, 25, "\"method\": \"add\"}");
        wire.lose(false);
        body(false, 1, 19, "\"method\": \"add\"}");
        answer(1, END_STREAM, ":status", "200");
        ExchangeRecord call = kept.getFirst();
        assertThat(text(call, call.requestBodyOffset(), call.requestBodyEnd())).isEqualTo("{\"jsonrpc\": \"2.0\", ");
    }

    @Test
    void whoNamesNoneHasNotAskedForBodies() {
        ask(1, 0, "/rpc");
        body(false, 1, 0, "{\"jsonrpc\": \"2.0\", \"method\": \"add\"}");
        answer(1, END_STREAM, ":status", "200");
        assertThat(kept.getFirst().protocol()).isEqualTo(Http2.NUMBER);
        assertThat(head(kept.getFirst())).doesNotContain("jsonrpc");
    }

    @Test
    void searchEngines() {
        ask(1, END_STREAM, "/books/_search");
        answer(1, END_STREAM, ":status", "200", "x-elastic-product", "Elasticsearch");
        ask(3, END_STREAM, "/books/_search");
        answer(3, END_STREAM, ":status", "200");
        names(Opensearch.NUMBER);
        ask(5, END_STREAM, "/books/_search");
        answer(5, END_STREAM, ":status", "200");
        ask(7, END_STREAM, "/_next/data");
        answer(7, END_STREAM, ":status", "200");
        assertThat(kept)
                .extracting(ExchangeRecord::protocol)
                .containsExactly(Elasticsearch.NUMBER, Http2.NUMBER, Opensearch.NUMBER, Http2.NUMBER);
    }

    private static String text(ExchangeRecord exchange, int from, int to) {
        return new String(exchange.bytes(), from, to - from, StandardCharsets.UTF_8);
    }
}
