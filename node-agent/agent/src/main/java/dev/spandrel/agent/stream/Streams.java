package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.ConfigBit;
import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.KernelCounter;
import dev.spandrel.agent.event.StreamRecord;
import dev.spandrel.agent.protocol.Graphql;
import dev.spandrel.agent.protocol.GrpcStatus;
import dev.spandrel.agent.protocol.Http2;
import dev.spandrel.agent.protocol.http2.FieldSink;
import dev.spandrel.agent.workload.WorkloadIndex;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** All connections of HTTP/2 that there was news of; those heard of longest ago are forgotten. One thread, but for the counts. */
public final class Streams {
    /** Connections whose tables are kept. */
    private static final int MOST = 4096;

    private static final int FRAME_HEADER = 9;
    private static final int REFUSED_STREAM = 7;
    private static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();
    private static final long DOUBT = Duration.ofSeconds(30).toNanos();

    private final WorkloadIndex workloads;
    private final Consumer<MemorySegment> kept;
    private final Decisions decisions;
    private final StreamCounts counts = new StreamCounts();
    private final RecordWriter writer = new RecordWriter();
    private final RequestFields request = new RequestFields();
    private final ResponseFields response = new ResponseFields();
    private final OverHttp overHttp = new OverHttp();
    private final Bodies bodies = new Bodies();
    private final StreamRecord news = new StreamRecord();
    private final Map<Long, Connection> connections = new LinkedHashMap<>(16, 0.75f, true);
    private byte[] scratch = new byte[1024];
    private long looked;

    /** {@code kept}: takes the record of an exchange that becomes a span; it is valid during the call. */
    public Streams(WorkloadIndex workloads, Consumer<MemorySegment> kept, RandomGenerator random) {
        this.workloads = workloads;
        this.kept = kept;
        this.decisions = new Decisions(random);
    }

    public StreamCounts counts() {
        return counts;
    }

    /** Spans per second are taken out of the kernel's own words, by policy, until {@link #alone}. */
    public void share(MemorySegment rates) {
        decisions.rates(new Rates(rates));
    }

    /** There is no kernel to share with any more. */
    public void alone() {
        decisions.rates(new Rates());
    }

    /** One record of the ring. */
    public void news(MemorySegment data, long offset, int length) {
        if (length > scratch.length) {
            scratch = new byte[length * 2];
        }
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, offset, scratch, 0, length);
        news.wrap(scratch, 0);
        while (news.next()) {
            take(news);
        }
    }

    /** So late is it: what cannot come to an end any more is ended. */
    public void passed(long now) {
        if (now - looked < LOOK_EVERY) {
            return;
        }
        looked = now;
        Iterator<Connection> all = connections.values().iterator();
        while (all.hasNext()) {
            Connection connection = all.next();
            connection.doubtedBefore(now - DOUBT).forEach(one -> complete(one, End.LOST, now));
            if (connection.isClosedBefore(now - LOOK_EVERY)) {
                close(connection, connection.close(), connection.closingSince());
                all.remove();
            }
        }
    }

    private void take(StreamRecord record) {
        Connection connection = connections.get(record.connection());
        if (connection == null) {
            connection = new Connection();
            connections.put(record.connection(), connection);
            forgetOldest();
        }
        Blocks blocks = connection.blocks(record.isAnswer());
        if (!blocks.follows(record)) {
            connection.doubt(record.time());
        }
        Connection at = connection;
        at.get(record.stream()).ifPresent(exchange -> exchange.passed(record));
        switch (record.kind()) {
            case HEADERS -> headers(at, blocks, record);
            case DATA -> {}
            case BODY -> at.get(record.stream()).ifPresent(one -> bodies.add(one, record));
            case END -> at.get(record.stream()).ifPresent(one -> answered(at, record, one));
            case RESET -> at.get(record.stream()).ifPresent(one -> reset(at, record, one));
            case GOAWAY -> goAway(at, record);
            case CLOSED -> {
                close(at, End.of(record.code()), record.time());
                connections.remove(record.connection());
            }
            case CLOSING -> at.closing(record);
            case FORGET -> connections.remove(record.connection());
        }
    }

    private void forgetOldest() {
        if (connections.size() > MOST) {
            Iterator<Connection> oldest = connections.values().iterator();
            oldest.next().take(_ -> true).forEach(_ -> counts.count(KernelCounter.PIPELINE));
            oldest.remove();
        }
    }

    private void headers(Connection connection, Blocks blocks, StreamRecord record) {
        int bytes = record.to() - record.from() + (record.isFirst() ? FRAME_HEADER : 0);
        Exchange open = connection.get(record.stream()).orElse(null);
        if (open != null) {
            if (record.isAnswer()) {
                open.responseBytes += bytes;
            } else {
                open.requestBytes += bytes;
            }
        }
        if (!blocks.add(record)) {
            return;
        }
        boolean isPromise = blocks.type() == Blocks.PUSH_PROMISE;
        if (record.isPassedOver() || isPromise || (record.isAnswer() && open == null)) {
            // What a server pushes is an answer that nobody asked for.
            check(blocks.decode(FieldSink.NONE));
        } else if (record.isAnswer()) {
            answer(connection, blocks, record, open);
        } else if (open == null) {
            ask(connection, blocks, record, bytes);
        } else {
            check(blocks.decode(FieldSink.NONE));
            open.requestEnd = record.time();
        }
    }

    private void ask(Connection connection, Blocks blocks, StreamRecord record, int bytes) {
        request.start(record, workloads.byCgroup(record.cgroup()));
        if (!check(blocks.decode(request)) || !request.isRequest()) {
            return;
        }
        Exchange exchange = new Exchange(record, request, decisions.newSpanId());
        exchange.requestBytes = bytes;
        exchange.carried = overHttp.byTarget(exchange);
        decisions.begin(exchange);
        exchange.passed(record);
        connection.put(record.stream(), exchange).ifPresent(_ -> counts.count(KernelCounter.PIPELINE));
    }

    private void answer(Connection connection, Blocks blocks, StreamRecord record, Exchange exchange) {
        check(blocks.decode(response.start()));
        if (response.isInformational()) {
            return;
        }
        if (exchange.responseStart == 0) {
            exchange.responseStart = record.since();
            exchange.status = response.status();
        }
        if (response.isElasticsearch()) {
            exchange.carried = OverHttp.elasticsearch(exchange);
        }
        if (response.isGrpc() && exchange.kind == Exchange.Kind.UNKNOWN) {
            exchange.kind = Exchange.Kind.GRPC;
        }
        if (response.grpcStatus() != 0) {
            exchange.grpcStatus = response.grpcStatus();
        }
        exchange.responseEnd = record.time();
        if (blocks.endsStream() || record.isAnswered()) {
            answered(connection, record, exchange);
        }
    }

    private void answered(Connection connection, StreamRecord record, Exchange exchange) {
        connection.remove(record.stream());
        exchange.responseEnd = record.time();
        if (exchange.grpcStatus == 0 && exchange.status != 0 && exchange.status != 200) {
            exchange.grpcStatus = GrpcStatus.ofHttp(exchange.status);
        }
        complete(exchange, End.COMPLETE, record.time());
    }

    private void reset(Connection connection, StreamRecord record, Exchange exchange) {
        connection.remove(record.stream());
        exchange.responseEnd = record.time();
        if (exchange.grpcStatus == 0) {
            exchange.grpcStatus = GrpcStatus.ofReset(record.code(), isOutOfTime(exchange, record.time()));
        }
        complete(exchange, End.STREAM, record.time());
    }

    /** The server answers no stream above the one it names. */
    private void goAway(Connection connection, StreamRecord record) {
        if (!record.isAnswer()) {
            return;
        }
        for (Exchange exchange : connection.take(stream -> stream > record.stream())) {
            exchange.responseEnd = record.time();
            exchange.grpcStatus = GrpcStatus.ofReset(REFUSED_STREAM, false);
            complete(exchange, End.STREAM, record.time());
        }
    }

    private void close(Connection connection, End end, long now) {
        for (Exchange exchange : connection.take(_ -> true)) {
            exchange.responseEnd = now;
            if (exchange.grpcStatus == 0 && exchange.doubtedSince == 0) {
                exchange.grpcStatus = GrpcStatus.ofClose(exchange.isClient(), isOutOfTime(exchange, now));
            }
            complete(exchange, exchange.doubtedSince == 0 ? end : End.LOST, now);
        }
    }

    private static boolean isOutOfTime(Exchange exchange, long now) {
        return GrpcStatus.isOutOfTime(now - exchange.start(), exchange.patience);
    }

    private boolean check(boolean decoded) {
        if (!decoded) {
            counts.count(KernelCounter.FRAMING);
        }
        return decoded;
    }

    /** Counts the exchange and hands it on if it is kept. */
    private void complete(Exchange exchange, End end, long now) {
        Bodies.Kept told =
                bodies.take(exchange).filter(kept -> isTold(exchange, kept)).orElse(Bodies.NONE);
        int protocol = exchange.protocol();
        if (!exchange.asksFor(protocol)) {
            return;
        }
        counts.count(KernelCounter.EXCHANGES);
        int keep = decisions.keep(exchange, end, now, counts);
        if (exchange.has(ConfigBit.METRICS)) {
            counts.count(exchange, protocol == Graphql.NUMBER ? Http2.NUMBER : protocol, end, keep != 0);
        }
        if (keep != 0) {
            counts.count(KernelCounter.KEPT);
            kept.accept(writer.write(exchange, told, protocol, end, keep, now));
        }
    }

    /** Whether the request's body says what the exchange is. */
    private boolean isTold(Exchange exchange, Bodies.Kept kept) {
        if (exchange.carried == 0 && !exchange.isGrpc()) {
            exchange.carried = overHttp.byBody(exchange, kept.asked());
            return exchange.carried != 0;
        }
        return false;
    }
}
