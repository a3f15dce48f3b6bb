package dev.spandrel.bench;

import dev.spandrel.agent.event.ExchangeBytes;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.protocol.DatabaseProtocol;
import dev.spandrel.agent.protocol.DatabaseRequest;
import dev.spandrel.agent.protocol.Dns;
import dev.spandrel.agent.protocol.Grpc;
import dev.spandrel.agent.protocol.Http;
import dev.spandrel.agent.protocol.Http2;
import dev.spandrel.agent.protocol.MessagingProtocol;
import dev.spandrel.agent.protocol.Protocol;
import dev.spandrel.agent.protocol.Protocols;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.http.RequestHead;
import dev.spandrel.agent.protocol.sql.SqlText;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private record Capture(byte[] bytes, int answer, Slice statement, byte[] fresh) {}

    private final RequestHead head = new RequestHead();
    private final Slice value = new Slice();
    private final SqlText sql = new SqlText();
    private Protocol reader = new Http();
    private final List<Capture> golden = new ArrayList<>();
    private final List<Capture> refused = new ArrayList<>();

    @Setup
    public void gather() throws IOException {
        int number = dev.spandrel.contract.v1.Protocol.valueOf("PROTOCOL_" + protocol).getNumber();
        reader = new Protocols().of(number);
        try (var files = Files.list(Path.of(System.getProperty("golden")))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".exchange")).sorted().toList()) {
                var exchange = new ExchangeRecord().wrap(ExchangeBytes.parse(Files.readString(file)).bytes(), 0);
                if (exchange.protocol() == number) {
                    take(exchange);
                }
            }
        }
    }

    private void take(ExchangeRecord exchange) {
        byte[] bytes = new byte[exchange.headLength()];
        System.arraycopy(exchange.bytes(), exchange.headOffset(), bytes, 0, bytes.length);
        byte[] turned = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            turned[i] = (byte) ~bytes[i];
        }
        Slice statement = new Slice();
        if (reader instanceof DatabaseProtocol database && database.read(bytes, 0, bytes.length) instanceof DatabaseRequest asked) {
            byte[] text = asked.statement().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            statement.set(text, 0, text.length);
        }
        byte[] fresh = (statement + "-- 0000000000").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        golden.add(new Capture(bytes, (int) exchange.rows(), statement, fresh));
        refused.add(new Capture(turned, 0, statement, fresh));
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
            byte[] bytes = capture.bytes;
            switch (reader) {
                case DatabaseProtocol database -> to.consume(database.read(bytes, 0, bytes.length));
                case MessagingProtocol messaging -> to.consume(messaging.read(bytes, 0, bytes.length, capture.answer));
                case Dns dns -> to.consume(dns.read(bytes, 0, bytes.length));
                case Http _, Http2 _, Grpc _ -> to.consume(head.wrap(bytes, 0, bytes.length).header("host", value));
            }
            count.bytes += bytes.length;
        }
    }
}
