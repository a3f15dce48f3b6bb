package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.StatementRecord;
import dev.spandrel.agent.protocol.Postgresql;
import java.util.List;

/** Writes exchanges as spans, each as its protocol asks for. Holds scratch space: one per thread. */
public final class SpanWriter {
    private final HttpSpan http;
    private final DatabaseSpan postgresql;

    public SpanWriter(WallClock clock) {
        AddressTexts addresses = new AddressTexts();
        http = new HttpSpan(clock, addresses);
        postgresql = new DatabaseSpan(clock, addresses, new Postgresql());
    }

    /** {@code headers}: the request headers that become attributes. */
    public void write(ExchangeRecord exchange, List<CapturedHeader> headers, SpanSink sink) {
        switch (exchange.protocol()) {
            case POSTGRESQL -> postgresql.write(exchange, sink);
            case NONE, HTTP1 -> http.write(exchange, headers, sink);
        }
    }

    /** What later exchanges of the connection speak of by name. */
    public void learn(StatementRecord statement) {
        switch (statement.protocol()) {
            case POSTGRESQL -> postgresql.learn(statement);
            case NONE, HTTP1 -> {}
        }
    }
}
