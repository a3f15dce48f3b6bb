package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.event.StatementRecord;
import dev.spandrel.agent.protocol.DatabaseProtocol;
import dev.spandrel.agent.protocol.DatabaseRequest;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;
import dev.spandrel.agent.protocol.sql.SqlText;

/** Writes one exchange with a database as a span. Holds scratch space and what connections said before: one per thread. */
final class DatabaseSpan {
    /** In the place of a connection, whose ids are never 0. */
    private static final long EVERYBODY = 0;

    private final WallClock clock;
    private final AddressTexts addresses;
    private final Statements statements = new Statements();
    private final SqlText sql = new SqlText();
    private final TraceState traceState = new TraceState();
    private final Slice named = new Slice();
    private final Slice namespace = new Slice();
    private final Slice operation = new Slice();
    private final Slice collection = new Slice();
    private final Text text = new Text();
    private final Slice summary = new Slice();

    DatabaseSpan(WallClock clock, AddressTexts addresses) {
        this.clock = clock;
        this.addresses = addresses;
    }

    void learn(StatementRecord record, DatabaseProtocol reader) {
        if (reader.learn(record.kind(), record.bytes(), record.from(), record.to()) instanceof DatabaseRequest said) {
            if (!said.namespace().isEmpty()) {
                statements.putNamespace(record.connection(), said.namespace());
            } else if (!said.name().isEmpty()) {
                statements.put(whose(reader, record.connection()), said.name(), said.statement());
                if (!reader.latest().isEmpty()) {
                    statements.put(record.connection(), reader.latest(), said.statement());
                }
            }
        }
    }

    void write(ExchangeRecord exchange, DatabaseProtocol reader, SpanSink sink) {
        boolean server = exchange.role() != Role.CLIENT;
        Slice statement = named.clear();
        namespace.clear();
        operation.clear();
        collection.clear();
        boolean whole = true;
        int from = exchange.headOffset();
        if (reader.read(exchange.bytes(), from, from + exchange.headLength()) instanceof DatabaseRequest asked) {
            statement = asked.statement();
            whole = asked.isWhole();
            copy(asked.namespace(), namespace);
            copy(asked.operation(), operation);
            copy(asked.collection(), collection);
            if (statement.isEmpty() && !asked.name().isEmpty() && reader.knewName(exchange.status())) {
                statement = statements.get(whose(reader, exchange.connection()), asked.name(), named);
            }
        }
        if (reader.dialect().isPresent()) {
            sql.read(statement, reader.dialect().get());
            copy(sql.summary(), summary);
        }
        if (reader.dialect().isEmpty() || statement.isEmpty() && !operation.isEmpty()) {
            summarize();
        }
        String system = reader.system(exchange.minorVersion());
        long start = exchange.requestStart();
        sink.begin(
                exchange,
                server ? SpanKind.SERVER : SpanKind.CLIENT,
                summary.isEmpty() ? system : summary.toString(),
                clock.wall(start),
                clock.wall(Math.max(start, Common.finish(exchange))),
                Common.flags(exchange),
                traceState.of(exchange));
        sink.text(Key.DB_SYSTEM, system);
        if (!namespace.isEmpty()
                || !statements.namespace(exchange.connection(), namespace).isEmpty()) {
            sink.text(Key.DB_NAMESPACE, namespace);
        }
        if (!operation.isEmpty()) {
            sink.text(Key.DB_OPERATION, operation);
        }
        if (!collection.isEmpty()) {
            sink.text(Key.DB_COLLECTION, collection);
        }
        if (!statement.isEmpty()) {
            sink.text(Key.DB_QUERY_TEXT, reader.dialect().isPresent() ? sql.sanitized() : statement);
        }
        if (!summary.isEmpty()) {
            sink.text(Key.DB_QUERY_SUMMARY, summary);
        }
        if (!whole) {
            sink.text(Key.QUERY_CUT, "true");
        }
        String state = exchange.status() == 0 ? "" : reader.sqlState((int) exchange.rows());
        if (!state.isEmpty()) {
            sink.text(Key.DB_SQLSTATE, state);
        } else if (exchange.rows() > 0) {
            sink.number(Key.DB_ROWS, exchange.rows());
        }
        Common.ends(exchange, server, addresses, sink);
        sink.end(outcome(exchange, reader, sink));
    }

    private static long whose(DatabaseProtocol reader, long connection) {
        return reader.sharesNames() ? EVERYBODY : connection;
    }

    /** Of a database without statements: what is done, and on what. */
    private void summarize() {
        text.start().text(operation);
        if (!collection.isEmpty()) {
            text.append((byte) ' ').text(collection);
        }
        text.into(summary);
    }

    private static void copy(Slice from, Slice to) {
        to.set(from.bytes(), from.from(), from.to());
    }

    private static boolean outcome(ExchangeRecord exchange, DatabaseProtocol reader, SpanSink sink) {
        String error = exchange.end().errorType();
        if (exchange.status() != 0) {
            String code = reader.error(exchange.status());
            sink.text(Key.DB_STATUS, code);
            error = error.isEmpty() ? code : error;
        }
        return Common.error(error, sink);
    }
}
