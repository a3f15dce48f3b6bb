package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Method;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.protocol.DatabaseRequest;
import dev.spandrel.agent.protocol.SearchProtocol;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.http.RequestHead;

/** Writes one exchange with a search engine over HTTP as a span of a database. Holds scratch space: one per thread. */
final class SearchSpan {
    private final WallClock clock;
    private final AddressTexts addresses;
    private final Origin origin;
    private final RequestHead head = new RequestHead();
    private final TraceState traceState = new TraceState();
    private final Slice operation = new Slice();
    private final Slice collection = new Slice();

    SearchSpan(WallClock clock, AddressTexts addresses) {
        this.clock = clock;
        this.addresses = addresses;
        origin = new Origin(addresses);
    }

    void write(ExchangeRecord exchange, SearchProtocol reader, SpanSink sink) {
        int from = exchange.headOffset();
        head.wrap(exchange.bytes(), from, exchange.headLength());
        operation.clear();
        collection.clear();
        if (reader.read(exchange.bytes(), from, from + exchange.headLength()) instanceof DatabaseRequest asked) {
            copy(asked.operation(), operation);
            copy(asked.collection(), collection);
        }
        boolean server = exchange.role() != Role.CLIENT;
        long start = exchange.requestStart();
        sink.begin(
                exchange,
                server ? SpanKind.SERVER : SpanKind.CLIENT,
                name(exchange.method(), reader),
                clock.wall(start),
                clock.wall(Math.max(start, Common.finish(exchange))),
                Common.flags(exchange),
                traceState.of(exchange, head));
        sink.text(Key.DB_SYSTEM, reader.system());
        if (!operation.isEmpty()) {
            sink.text(Key.DB_OPERATION, operation);
        }
        if (!collection.isEmpty()) {
            sink.text(Key.DB_COLLECTION, collection);
        }
        sink.text(Key.METHOD, exchange.method().attribute());
        origin.url(exchange, head, origin.write(exchange, head, server, sink), sink);
        Common.peer(exchange, addresses, sink);
        sink.number(Key.THREAD_ID, exchange.tid());
        Common.reasons(exchange, sink);
        sink.end(outcome(exchange, reader, sink));
    }

    /** The operation and what it is on; where its path is not known, as of HTTP. */
    private String name(Method method, SearchProtocol reader) {
        if (operation.isEmpty()) {
            return method == Method.OTHER ? reader.system() : method.name();
        }
        return collection.isEmpty() ? operation.toString() : operation + " " + collection;
    }

    private static boolean outcome(ExchangeRecord exchange, SearchProtocol reader, SpanSink sink) {
        String error = exchange.end().errorType();
        int status = exchange.status();
        if (status != 0) {
            sink.text(Key.DB_STATUS, reader.error(status));
            if (error.isEmpty() && reader.isError(status)) {
                error = reader.error(status);
            }
        }
        return Common.error(error, sink);
    }

    private static void copy(Slice from, Slice to) {
        to.set(from.bytes(), from.from(), from.to());
    }
}
