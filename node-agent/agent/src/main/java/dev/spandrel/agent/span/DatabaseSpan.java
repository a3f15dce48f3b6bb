package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.event.StatementRecord;
import dev.spandrel.agent.protocol.DatabaseProtocol;
import dev.spandrel.agent.protocol.DatabaseRequest;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.sql.SqlText;

/** Writes one exchange with a database as a span. Holds scratch space and what connections said before: one per thread. */
final class DatabaseSpan {
    private final WallClock clock;
    private final AddressTexts addresses;
    private final Statements statements = new Statements();
    private final SqlText sql = new SqlText();
    private final TraceState traceState = new TraceState();
    private final Slice named = new Slice();
    private final Slice namespace = new Slice();

    DatabaseSpan(WallClock clock, AddressTexts addresses) {
        this.clock = clock;
        this.addresses = addresses;
    }

    void learn(StatementRecord record, DatabaseProtocol reader) {
        if (reader.learn(record.kind(), record.bytes(), record.from(), record.to()) instanceof DatabaseRequest said) {
            if (!said.namespace().isEmpty()) {
                statements.putNamespace(record.connection(), said.namespace());
            } else if (!said.name().isEmpty()) {
                statements.put(record.connection(), said.name(), said.statement());
            }
        }
    }

    void write(ExchangeRecord exchange, DatabaseProtocol reader, SpanSink sink) {
        boolean server = exchange.role() != Role.CLIENT;
        Slice statement = named.clear();
        boolean whole = true;
        int from = exchange.headOffset();
        if (reader.read(exchange.bytes(), from, from + exchange.headLength()) instanceof DatabaseRequest asked) {
            statement = asked.statement();
            whole = asked.isWhole();
            if (statement.isEmpty() && !asked.name().isEmpty()) {
                statement = statements.get(exchange.connection(), asked.name(), named);
            }
        }
        sql.read(statement, reader.dialect());
        Slice summary = sql.summary();
        long start = exchange.requestStart();
        sink.begin(
                exchange,
                server ? SpanKind.SERVER : SpanKind.CLIENT,
                summary.isEmpty() ? reader.system() : summary.toString(),
                clock.wall(start),
                clock.wall(Math.max(start, Common.finish(exchange))),
                Common.flags(exchange),
                traceState.of(exchange));
        sink.text(Key.DB_SYSTEM, reader.system());
        if (!statements.namespace(exchange.connection(), namespace).isEmpty()) {
            sink.text(Key.DB_NAMESPACE, namespace);
        }
        if (!statement.isEmpty()) {
            sink.text(Key.DB_QUERY_TEXT, sql.sanitized());
        }
        if (!summary.isEmpty()) {
            sink.text(Key.DB_QUERY_SUMMARY, summary);
        }
        if (!whole) {
            sink.text(Key.QUERY_CUT, "true");
        }
        if (exchange.rows() > 0) {
            sink.number(Key.DB_ROWS, exchange.rows());
        }
        Common.peer(exchange, addresses, sink);
        int address = server ? exchange.localAddressOffset() : exchange.remoteAddressOffset();
        sink.text(Key.SERVER_ADDRESS, addresses.of(exchange.bytes(), address));
        sink.number(Key.SERVER_PORT, server ? exchange.localPort() : exchange.remotePort());
        sink.number(Key.THREAD_ID, exchange.tid());
        Common.reasons(exchange, sink);
        sink.end(outcome(exchange, reader, sink));
    }

    private static boolean outcome(ExchangeRecord exchange, DatabaseProtocol reader, SpanSink sink) {
        String error = exchange.end().errorType();
        if (exchange.status() != 0) {
            String code = reader.error(exchange.status());
            sink.text(Key.DB_STATUS, code);
            error = error.isEmpty() ? code : error;
        }
        if (!error.isEmpty()) {
            sink.text(Key.ERROR_TYPE, error);
        }
        return !error.isEmpty();
    }
}
