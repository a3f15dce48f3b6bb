package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.protocol.Dns;

/** Writes one question to a name server as a span. Holds scratch space: one per thread. */
final class DnsSpan {
    /** The kernel's {@code method}. */
    private static final int TCP = 1;

    private final WallClock clock;
    private final AddressTexts addresses;
    private final TraceState traceState = new TraceState();

    DnsSpan(WallClock clock, AddressTexts addresses) {
        this.clock = clock;
        this.addresses = addresses;
    }

    void write(ExchangeRecord exchange, Dns reader, SpanSink sink) {
        boolean server = exchange.role() != Role.CLIENT;
        int from = exchange.headOffset();
        Dns.Question question =
                reader.read(exchange.bytes(), from, from + exchange.headLength()) instanceof Dns.Question asked
                        ? asked
                        : null;
        long start = exchange.requestStart();
        sink.begin(
                exchange,
                server ? SpanKind.SERVER : SpanKind.CLIENT,
                question == null ? "DNS" : "DNS " + question.type(),
                clock.wall(start),
                clock.wall(Math.max(start, Common.finish(exchange))),
                Common.flags(exchange),
                traceState.of(exchange));
        if (question != null) {
            sink.text(Key.DNS_QUESTION, question.name());
            sink.text(Key.DNS_TYPE, question.type());
        }
        if (exchange.rows() > 0) {
            sink.number(Key.DNS_ANSWERS, exchange.rows());
        }
        sink.text(Key.PROTOCOL_NAME, "dns");
        sink.text(Key.TRANSPORT, exchange.operation() == TCP ? "tcp" : "udp");
        Common.ends(exchange, server, addresses, sink);
        String error = exchange.end().errorType();
        if (error.isEmpty() && exchange.status() != 0) {
            error = reader.error(exchange.status());
        }
        sink.end(Common.error(error, sink));
    }
}
