package dev.spandrel.bench;

import dev.spandrel.agent.event.ExchangeBytes;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.protocol.DatabaseProtocol;
import dev.spandrel.agent.protocol.DatabaseRequest;
import dev.spandrel.agent.protocol.Dns;
import dev.spandrel.agent.protocol.Graphql;
import dev.spandrel.agent.protocol.Grpc;
import dev.spandrel.agent.protocol.Http;
import dev.spandrel.agent.protocol.Http2;
import dev.spandrel.agent.protocol.Jsonrpc;
import dev.spandrel.agent.protocol.MessagingProtocol;
import dev.spandrel.agent.protocol.Protocol;
import dev.spandrel.agent.protocol.Protocols;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.http.RequestHead;
import dev.spandrel.agent.protocol.sql.SqlText;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** What the agent reads of captures: all golden ones of a protocol once per operation, those with every bit turned over, which are refused, and SQL with its literals taken out. */
@State(Scope.Thread)
public class Parsers {
    /** Bytes that were read, and the processor time of the thread that read them, per second in the report: other programs take none of that. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Read {
        public long bytes;
        public long nanos;
        private long from;

        @Setup(Level.Iteration)
        public void begin() {
            from = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }

        @TearDown(Level.Iteration)
        public void end() {
            nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - from;
        }
    }

    /** Of the registry, from the command line. */
    @Param("REDIS")
    public String protocol;

    private record Capture(byte[] bytes, int answer, Slice contentType, Slice body, Slice statement, byte[] fresh) {
        /** With every bit of it turned over. */
        Capture turned() {
            byte[] turned = bytes.clone();
            for (int i = 0; i < turned.length; i++) turned[i] = (byte) ~turned[i];
            return new Capture(turned, 0, contentType, new Slice().set(turned, body.from(), body.to()), statement, fresh);
        }
    }

    /** How a capture of the protocol is read: chosen once, so that no choice is measured. */
    private interface Reading {
        Object of(Capture capture);
    }

    private final RequestHead head = new RequestHead();
    private final Slice value = new Slice();
    private final SqlText sql = new SqlText();
    private Protocol reader = new Http();
    private Reading reading = capture -> capture;
    private final List<Capture> golden = new ArrayList<>();
    private final List<Capture> refused = new ArrayList<>();

    @Setup
    public void gather() throws IOException {
        int number = dev.spandrel.contract.v1.Protocol.valueOf("PROTOCOL_" + protocol).getNumber();
        reader = new Protocols().of(number);
        reading = reading();
        try (var files = Files.list(Path.of(System.getProperty("golden")))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".exchange")).sorted().toList()) {
                var exchange = new ExchangeRecord().wrap(ExchangeBytes.parse(Files.readString(file)).bytes(), 0);
                if (exchange.protocol() == number && hasWhatIsRead(exchange)) {
                    golden.add(capture(exchange));
                    refused.add(golden.getLast().turned());
                }
            }
        }
    }

    private Reading reading() {
        return switch (reader) {
            case DatabaseProtocol database -> capture -> database.read(capture.bytes, 0, capture.bytes.length);
            case MessagingProtocol messaging -> capture -> messaging.read(capture.bytes, 0, capture.bytes.length, capture.answer);
            case Dns dns -> capture -> dns.read(capture.bytes, 0, capture.bytes.length);
            case Graphql graphql -> capture -> graphql.read(capture.contentType, capture.body);
            case Jsonrpc jsonrpc -> capture -> jsonrpc.read(capture.body);
            case Http _, Http2 _, Grpc _ -> capture -> head.wrap(capture.bytes, 0, capture.bytes.length).header("host", value);
        };
    }

    /** The head of a request, or its body alone where that is what is read. */
    private boolean hasWhatIsRead(ExchangeRecord exchange) {
        return !readsBodies() || exchange.requestBodyEnd() > exchange.requestBodyOffset();
    }

    private boolean readsBodies() {
        return reader instanceof Graphql || reader instanceof Jsonrpc;
    }

    private Capture capture(ExchangeRecord exchange) {
        int from = readsBodies() ? exchange.requestBodyOffset() : exchange.headOffset();
        int to = readsBodies() ? exchange.requestBodyEnd() : exchange.headOffset() + exchange.headLength();
        byte[] bytes = Arrays.copyOfRange(exchange.bytes(), from, to);
        Slice statement = new Slice();
        if (reader instanceof DatabaseProtocol database && database.read(bytes, 0, bytes.length) instanceof DatabaseRequest asked) {
            byte[] text = asked.statement().toString().getBytes(StandardCharsets.UTF_8);
            statement.set(text, 0, text.length);
        }
        Slice type = new Slice().set("application/json".getBytes(StandardCharsets.US_ASCII), 0, 16);
        // Two captures may have the same statement: a second number keeps them apart.
        byte[] fresh = (statement + "-- " + golden.size() + "-0000000000").getBytes(StandardCharsets.UTF_8);
        return new Capture(bytes, (int) exchange.rows(), type, new Slice().set(bytes, 0, bytes.length), statement, fresh);
    }

    @Benchmark
    public void read(Read count, Blackhole to) {
        readAll(golden, count, to);
    }

    @Benchmark
    public void refuse(Read count, Blackhole to) {
        readAll(refused, count, to);
    }

    /** Statements that come again and again. */
    @Benchmark
    public void sanitize(Read count, Blackhole to) {
        if (!(reader instanceof DatabaseProtocol database) || database.dialect().isEmpty()) {
            throw new IllegalStateException("no SQL");
        }
        for (Capture capture : golden) {
            sql.read(capture.statement, database.dialect().get());
            to.consume(sql.sanitized());
            count.bytes += capture.statement.length();
        }
    }

    /** Statements of which none was there before: a number in a comment goes up. */
    @Benchmark
    public void sanitizeNew(Read count, Blackhole to) {
        if (!(reader instanceof DatabaseProtocol database) || database.dialect().isEmpty()) {
            throw new IllegalStateException("no SQL");
        }
        for (Capture capture : golden) {
            byte[] text = capture.fresh;
            int digit = text.length - 1;
            while (++text[digit] > '9') {
                text[digit--] = '0';
            }
            sql.read(value.set(text, 0, text.length), database.dialect().get());
            to.consume(sql.sanitized());
            count.bytes += text.length;
        }
    }

    private void readAll(List<Capture> captures, Read count, Blackhole to) {
        for (int i = 0; i < captures.size(); i++) {
            Capture capture = captures.get(i);
            to.consume(reading.of(capture));
            count.bytes += capture.bytes.length;
        }
    }
}
