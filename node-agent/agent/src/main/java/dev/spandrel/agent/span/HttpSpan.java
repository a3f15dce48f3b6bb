package dev.spandrel.agent.span;

import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Method;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;
import dev.spandrel.agent.protocol.http.Redaction;
import dev.spandrel.agent.protocol.http.RequestHead;
import java.util.List;

/** Writes one exchange as a span. Holds scratch space: one per thread. */
final class HttpSpan {
    private final WallClock clock;
    private final RequestHead head = new RequestHead();
    private final Origin origin;
    private final Text redacted = new Text();
    private final AddressTexts addresses;
    private final TraceState traceState = new TraceState();
    private final Slice value = new Slice();
    private final Slice text = new Slice();

    HttpSpan(WallClock clock, AddressTexts addresses) {
        this.clock = clock;
        this.addresses = addresses;
        origin = new Origin(addresses);
    }

    /** {@code headers}: the request headers that become attributes. */
    void write(ExchangeRecord exchange, List<CapturedHeader> headers, Carried carried, SpanSink sink) {
        head.wrap(exchange.bytes(), exchange.headOffset(), exchange.headLength());
        boolean server = exchange.role() != Role.CLIENT;
        Method method = exchange.method();
        long start = exchange.requestStart();
        sink.begin(
                exchange,
                server ? SpanKind.SERVER : SpanKind.CLIENT,
                name(method, carried),
                clock.wall(start),
                clock.wall(Math.max(start, Common.finish(exchange))),
                Common.flags(exchange),
                traceState.of(exchange, head));
        carried.write(sink);
        boolean second = exchange.isOfStream();
        if (!second || !head.method().isEmpty()) {
            sink.text(Key.METHOD, method.attribute());
        }
        if (method == Method.OTHER && !head.method().isEmpty()) {
            sink.text(Key.METHOD_ORIGINAL, head.method());
        }
        network(exchange, sink);
        if (server) {
            serverSide(exchange, sink);
        } else {
            clientSide(exchange, sink);
        }
        if (!head.isTargetWhole()) {
            sink.text(Key.TARGET_CUT, "true");
        }
        if (head.header("user-agent", value)) {
            sink.text(Key.USER_AGENT, value);
        }
        for (CapturedHeader header : headers) {
            if (head.header(header.name(), value)) {
                sink.texts(header.key(), value);
            }
        }
        Common.reasons(exchange, sink);
        sink.end(outcome(exchange, server, carried, sink));
    }

    private static String name(Method method, Carried carried) {
        if (!carried.name().isEmpty()) return carried.name();
        return method == Method.OTHER ? "HTTP" : method.name();
    }

    private void network(ExchangeRecord exchange, SpanSink sink) {
        Common.peer(exchange, addresses, sink);
        sink.text(Key.PROTOCOL_NAME, "http");
        sink.text(Key.PROTOCOL_VERSION, version(exchange));
        sink.number(Key.THREAD_ID, exchange.tid());
        if (exchange.end() != End.LOST) {
            sink.number(Key.REQUEST_SIZE, exchange.requestBytes());
            sink.number(Key.RESPONSE_SIZE, exchange.responseBytes());
        }
    }

    private static String version(ExchangeRecord exchange) {
        if (exchange.isOfStream()) {
            return "2";
        }
        return exchange.minorVersion() == 0 ? "1.0" : "1.1";
    }

    private void serverSide(ExchangeRecord exchange, SpanSink sink) {
        sink.text(Key.URL_SCHEME, exchange.tls() ? "https" : "http");
        if (!head.path().isEmpty()) {
            sink.text(Key.URL_PATH, head.path());
        }
        if (!head.query().isEmpty()) {
            sink.text(
                    Key.URL_QUERY,
                    Redaction.query(head.query(), redacted.start()).into(text));
        }
        origin.write(exchange, head, true, sink);
        if (head.header("x-forwarded-for", value)) {
            int comma = value.indexOf(',', 0);
            sink.text(
                    Key.CLIENT_ADDRESS,
                    comma < 0
                            ? value
                            : value.set(value.bytes(), value.from(), value.from() + comma)
                                    .trim());
        } else if (Common.hasAddresses(exchange)) {
            sink.text(Key.CLIENT_ADDRESS, addresses.of(exchange.bytes(), exchange.remoteAddressOffset()));
        }
    }

    private void clientSide(ExchangeRecord exchange, SpanSink sink) {
        origin.url(exchange, head, origin.write(exchange, head, false, sink), sink);
    }

    private static boolean outcome(ExchangeRecord exchange, boolean server, Carried carried, SpanSink sink) {
        int status = exchange.status();
        if (status != 0) {
            sink.number(Key.STATUS_CODE, status);
        }
        String cut = exchange.end().errorType();
        if (!cut.isEmpty()) return Common.error(cut, sink);
        if (!carried.error().isEmpty()) return Common.error(carried.error(), sink);
        return Common.error(status >= (server ? 500 : 400) ? Integer.toString(status) : "", sink);
    }
}
