package dev.spandrel.agent.span;

import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Keep;
import dev.spandrel.agent.event.Method;
import dev.spandrel.agent.event.Parent;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.protocol.http.Authority;
import dev.spandrel.agent.protocol.http.Redaction;
import dev.spandrel.agent.protocol.http.RequestHead;
import dev.spandrel.agent.protocol.http.Slice;
import java.util.List;

/** Writes one exchange as a span. Holds scratch space: one per thread. */
public final class HttpSpan {
    private static final int DEFAULT_PORT = 80;
    private static final int SAMPLED_FLAG = 1;
    private static final int RANDOM_FLAG = 2;
    private static final int HAS_IS_REMOTE = 0x100;
    private static final int IS_REMOTE = 0x200;
    private static final String UNCERTAIN_REASON = "the thread serves several requests at once";

    private final WallClock clock;
    private final RequestHead head = new RequestHead();
    private final Authority authority = new Authority();
    private final Redaction redacted = new Redaction();
    private final AddressTexts addresses = new AddressTexts();
    private final TraceState traceState = new TraceState();
    private final Slice value = new Slice();
    private final Slice text = new Slice();

    public HttpSpan(WallClock clock) {
        this.clock = clock;
    }

    /** {@code headers}: the request headers that become attributes. */
    public void write(ExchangeRecord exchange, List<CapturedHeader> headers, SpanSink sink) {
        head.wrap(exchange.bytes(), exchange.headOffset(), exchange.headLength());
        boolean server = exchange.role() != Role.CLIENT;
        Method method = exchange.method();
        long start = exchange.requestStart();
        sink.begin(
                exchange,
                server ? SpanKind.SERVER : SpanKind.CLIENT,
                method == Method.OTHER ? "HTTP" : method.name(),
                clock.wall(start),
                clock.wall(Math.max(start, finish(exchange))),
                flags(exchange),
                traceState.of(exchange, head));
        sink.text(Key.METHOD, method.attribute());
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
        reasons(exchange, sink);
        sink.end(outcome(exchange, server, sink));
    }

    private static long finish(ExchangeRecord exchange) {
        End end = exchange.end();
        if (end == End.ABORTED || end == End.RESET) {
            return exchange.emitted();
        }
        return Math.max(exchange.requestEnd(), exchange.responseEnd());
    }

    private static int flags(ExchangeRecord exchange) {
        int flags = exchange.traceFlags() | HAS_IS_REMOTE;
        Parent parent = exchange.parent();
        if (parent == Parent.HEADER) {
            flags |= IS_REMOTE;
        } else if (parent != Parent.THREAD) {
            flags |= RANDOM_FLAG;
        }
        return (exchange.keep() & Keep.SAMPLED) == 0 ? flags : flags | SAMPLED_FLAG;
    }

    private void network(ExchangeRecord exchange, SpanSink sink) {
        sink.text(Key.PEER_ADDRESS, addresses.of(exchange.bytes(), exchange.remoteAddressOffset()));
        sink.number(Key.PEER_PORT, exchange.remotePort());
        sink.text(Key.PROTOCOL_NAME, "http");
        sink.text(Key.PROTOCOL_VERSION, exchange.minorVersion() == 0 ? "1.0" : "1.1");
        sink.number(Key.THREAD_ID, exchange.tid());
        if (exchange.end() != End.LOST) {
            sink.number(Key.REQUEST_SIZE, exchange.requestBytes());
            sink.number(Key.RESPONSE_SIZE, exchange.responseBytes());
        }
    }

    private void serverSide(ExchangeRecord exchange, SpanSink sink) {
        sink.text(Key.URL_SCHEME, "http");
        if (!head.path().isEmpty()) {
            sink.text(Key.URL_PATH, head.path());
        }
        if (!head.query().isEmpty()) {
            sink.text(Key.URL_QUERY, redacted.start().query(head.query()).into(text));
        }
        origin(exchange, exchange.localAddressOffset(), exchange.localPort(), sink);
        if (head.header("x-forwarded-for", value)) {
            int comma = value.indexOf(',', 0);
            sink.text(
                    Key.CLIENT_ADDRESS,
                    comma < 0
                            ? value
                            : value.set(value.bytes(), value.from(), value.from() + comma)
                                    .trim());
        } else {
            sink.text(Key.CLIENT_ADDRESS, addresses.of(exchange.bytes(), exchange.remoteAddressOffset()));
        }
    }

    private void clientSide(ExchangeRecord exchange, SpanSink sink) {
        int port = origin(exchange, exchange.remoteAddressOffset(), exchange.remotePort(), sink);
        if (head.path().isEmpty() && head.authority().isEmpty()) {
            return;
        }
        redacted.start().text("http://");
        Slice host = authority.host();
        if (host.isEmpty()) {
            redacted.text(addresses.of(exchange.bytes(), exchange.remoteAddressOffset()));
        } else if (host.indexOf(':', 0) >= 0) {
            redacted.text("[").text(host).text("]");
        } else {
            redacted.text(host);
        }
        if (port != DEFAULT_PORT) {
            redacted.text(":").text(Integer.toString(port));
        }
        redacted.text(head.path());
        if (!head.query().isEmpty()) {
            redacted.text("?").query(head.query());
        }
        sink.text(Key.URL_FULL, redacted.into(text));
    }

    /** Writes server.address and server.port: as the client named them, else as the socket knows them. Answers the port. */
    private int origin(ExchangeRecord exchange, int addressOffset, int socketPort, SpanSink sink) {
        Slice named = head.authority();
        if (named.isEmpty()) {
            head.header("host", value);
            named = value;
        }
        authority.parse(named);
        if (authority.host().isEmpty()) {
            sink.text(Key.SERVER_ADDRESS, addresses.of(exchange.bytes(), addressOffset));
            sink.number(Key.SERVER_PORT, socketPort);
            return socketPort;
        }
        int port = authority.port() == 0 ? DEFAULT_PORT : authority.port();
        sink.text(Key.SERVER_ADDRESS, authority.host());
        sink.number(Key.SERVER_PORT, port);
        return port;
    }

    private static void reasons(ExchangeRecord exchange, SpanSink sink) {
        sink.texts(Key.KEEP, Keep.names(exchange.keep()));
        if (exchange.parent() == Parent.UNCERTAIN) {
            sink.text(Key.PARENT, "uncertain");
            sink.text(Key.PARENT_REASON, UNCERTAIN_REASON);
        }
        if (exchange.end() == End.LOST) {
            sink.text(Key.END, "lost");
        }
    }

    private static boolean outcome(ExchangeRecord exchange, boolean server, SpanSink sink) {
        int status = exchange.status();
        if (status != 0) {
            sink.number(Key.STATUS_CODE, status);
        }
        String cut = exchange.end().errorType();
        boolean error = !cut.isEmpty() || status >= (server ? 500 : 400);
        if (error) {
            sink.text(Key.ERROR_TYPE, cut.isEmpty() ? Integer.toString(status) : cut);
        }
        return error;
    }
}
