package dev.spandrel.agent.span;

import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Keep;
import dev.spandrel.agent.event.Parent;

/** What spans of every protocol say alike. */
final class Common {
    private static final int SAMPLED_FLAG = 1;
    private static final int RANDOM_FLAG = 2;
    private static final int HAS_IS_REMOTE = 0x100;
    private static final int IS_REMOTE = 0x200;
    private static final String UNCERTAIN_REASON = "the thread serves several requests at once";

    private static final String UNKNOWN_REASON = "not all of the request's headers are known";

    private Common() {}

    /** Kernel time of the exchange's end. */
    static long finish(ExchangeRecord exchange) {
        End end = exchange.end();
        if (end == End.ABORTED || end == End.RESET) {
            return exchange.emitted();
        }
        return Math.max(exchange.requestEnd(), exchange.responseEnd());
    }

    /** As in OTLP. */
    static int flags(ExchangeRecord exchange) {
        int flags = exchange.traceFlags() | HAS_IS_REMOTE;
        Parent parent = exchange.parent();
        if (parent == Parent.HEADER) {
            flags |= IS_REMOTE;
        } else if (parent != Parent.THREAD) {
            flags |= RANDOM_FLAG;
        }
        return (exchange.keep() & Keep.SAMPLED) == 0 ? flags : flags | SAMPLED_FLAG;
    }

    /** Not before it is known which socket carries what a TLS library was given: then there are no addresses. */
    static boolean hasAddresses(ExchangeRecord exchange) {
        return exchange.remotePort() != 0;
    }

    static void peer(ExchangeRecord exchange, AddressTexts addresses, SpanSink sink) {
        if (!hasAddresses(exchange)) return;
        sink.text(Key.PEER_ADDRESS, addresses.of(exchange.bytes(), exchange.remoteAddressOffset()));
        sink.number(Key.PEER_PORT, exchange.remotePort());
    }

    /** Both ends, and what every span says at its end. */
    static void ends(ExchangeRecord exchange, boolean server, AddressTexts addresses, SpanSink sink) {
        peer(exchange, addresses, sink);
        if (hasAddresses(exchange)) {
            int address = server ? exchange.localAddressOffset() : exchange.remoteAddressOffset();
            sink.text(Key.SERVER_ADDRESS, addresses.of(exchange.bytes(), address));
            sink.number(Key.SERVER_PORT, server ? exchange.localPort() : exchange.remotePort());
        }
        sink.number(Key.THREAD_ID, exchange.tid());
        reasons(exchange, sink);
    }

    /** Whether there is an error's type; then it is written. */
    static boolean error(String type, SpanSink sink) {
        if (!type.isEmpty()) {
            sink.text(Key.ERROR_TYPE, type);
        }
        return !type.isEmpty();
    }

    /** Why it was kept, what its parent is and how it ended, where that is not plain. */
    static void reasons(ExchangeRecord exchange, SpanSink sink) {
        sink.texts(Key.KEEP, Keep.names(exchange.keep()));
        if (exchange.parent() == Parent.UNCERTAIN) {
            sink.text(Key.PARENT, "uncertain");
            sink.text(Key.PARENT_REASON, exchange.hasUnknown() ? UNKNOWN_REASON : UNCERTAIN_REASON);
        }
        if (exchange.hasUnknown()) {
            sink.text(Key.HEADERS_UNKNOWN, "true");
        }
        if (exchange.end() == End.LOST) {
            sink.text(Key.END, "lost");
        }
    }
}
