package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.protocol.Grpc;
import dev.spandrel.agent.protocol.GrpcStatus;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.http.Authority;
import dev.spandrel.agent.protocol.http.RequestHead;
import java.util.List;

/** Writes one call of gRPC as a span. Holds scratch space: one per thread. */
final class RpcSpan {
    private final WallClock clock;
    private final AddressTexts addresses;
    private final RequestHead head = new RequestHead();
    private final Authority authority = new Authority();
    private final TraceState traceState = new TraceState();
    private final Slice value = new Slice();
    private final Slice method = new Slice();

    RpcSpan(WallClock clock, AddressTexts addresses) {
        this.clock = clock;
        this.addresses = addresses;
    }

    /** {@code headers}: the request headers that become attributes, as metadata. */
    void write(ExchangeRecord exchange, List<CapturedHeader> headers, SpanSink sink) {
        head.wrap(exchange.bytes(), exchange.headOffset(), exchange.headLength());
        boolean server = exchange.role() != Role.CLIENT;
        Slice path = head.path();
        method.set(path.bytes(), Math.min(path.from() + 1, path.to()), path.to());
        long start = exchange.requestStart();
        sink.begin(
                exchange,
                server ? SpanKind.SERVER : SpanKind.CLIENT,
                method.isEmpty() ? Grpc.SYSTEM : method.toString(),
                clock.wall(start),
                clock.wall(Math.max(start, Common.finish(exchange))),
                Common.flags(exchange),
                traceState.of(exchange, head));
        sink.text(Key.RPC_SYSTEM, Grpc.SYSTEM);
        if (!method.isEmpty()) {
            sink.text(Key.RPC_METHOD, method);
        }
        Common.peer(exchange, addresses, sink);
        sink.text(Key.PROTOCOL_NAME, "http");
        sink.text(Key.PROTOCOL_VERSION, "2");
        server(exchange, server, sink);
        sink.number(Key.THREAD_ID, exchange.tid());
        for (CapturedHeader header : headers) {
            if (head.header(header.name(), value)) {
                sink.texts(header.metadataKey(), value);
            }
        }
        Common.reasons(exchange, sink);
        sink.end(outcome(exchange, server, sink));
    }

    /** As the client named it, else as the socket knows it. */
    private void server(ExchangeRecord exchange, boolean server, SpanSink sink) {
        int socketPort = server ? exchange.localPort() : exchange.remotePort();
        head.header("host", value);
        authority.parse(value);
        if (authority.host().isEmpty()) {
            int address = server ? exchange.localAddressOffset() : exchange.remoteAddressOffset();
            sink.text(Key.SERVER_ADDRESS, addresses.of(exchange.bytes(), address));
        } else {
            sink.text(Key.SERVER_ADDRESS, authority.host());
        }
        sink.number(Key.SERVER_PORT, authority.port() == 0 ? socketPort : authority.port());
    }

    private static boolean outcome(ExchangeRecord exchange, boolean server, SpanSink sink) {
        int status = exchange.status();
        String error = exchange.end().errorType();
        if (status != 0) {
            String name = GrpcStatus.name(status);
            sink.text(Key.RPC_STATUS, name);
            error = GrpcStatus.isError(status, !server) ? name : "";
        }
        if (!error.isEmpty()) {
            sink.text(Key.ERROR_TYPE, error);
        }
        return !error.isEmpty();
    }
}
