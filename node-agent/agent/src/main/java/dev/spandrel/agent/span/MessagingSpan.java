package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.event.StatementRecord;
import dev.spandrel.agent.protocol.MessagingProtocol;
import dev.spandrel.agent.protocol.MessagingRequest;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.TraceLinks;

/**
 * Writes one exchange with a broker as a span: that of a client that sends is a PRODUCER's, of one that receives a CONSUMER's, and both are linked with the contexts
 * that their messages carry. Holds scratch space and the topics that brokers spoke of: one per thread.
 */
final class MessagingSpan {
    private static final int IS_REMOTE = 0x300;

    private final WallClock clock;
    private final AddressTexts addresses;
    private final Topics topics = new Topics();
    private final TraceState traceState = new TraceState();
    private final Slice traceId = new Slice();
    private final Slice spanId = new Slice();

    MessagingSpan(WallClock clock, AddressTexts addresses) {
        this.clock = clock;
        this.addresses = addresses;
    }

    void learn(StatementRecord record, MessagingProtocol reader) {
        reader.learn(record.bytes(), record.from(), record.to(), topics);
    }

    void write(ExchangeRecord exchange, MessagingProtocol reader, SpanSink sink) {
        boolean server = exchange.role() != Role.CLIENT;
        int from = exchange.headOffset();
        MessagingRequest request =
                reader.read(exchange.bytes(), from, from + exchange.headLength(), (int) exchange.rows())
                                instanceof MessagingRequest asked
                        ? asked
                        : null;
        String operation = reader.operation(exchange.operation());
        String type = reader.type(exchange.operation());
        String destination = request == null ? "" : destination(request);
        long start = exchange.requestStart();
        sink.begin(
                exchange,
                kind(server, type),
                destination.isEmpty() ? operation : operation + " " + destination,
                clock.wall(start),
                clock.wall(Math.max(start, Common.finish(exchange))),
                Common.flags(exchange),
                traceState.of(exchange));
        sink.text(Key.MESSAGING_SYSTEM, reader.system());
        sink.text(Key.MESSAGING_OPERATION, operation);
        if (!type.isEmpty()) {
            sink.text(Key.MESSAGING_TYPE, type);
        }
        if (!destination.isEmpty()) {
            sink.text(Key.MESSAGING_DESTINATION, destination);
        }
        if (request != null) {
            details(request, sink);
        }
        Common.ends(exchange, server, addresses, sink);
        String error = exchange.end().errorType();
        if (error.isEmpty() && exchange.status() != 0) {
            error = reader.error(exchange.status());
        }
        boolean failed = Common.error(error, sink);
        if (request != null && !type.isEmpty()) {
            links(request.links(), sink);
        }
        sink.end(failed);
    }

    private static SpanKind kind(boolean server, String type) {
        if (server) {
            return SpanKind.SERVER;
        }
        return switch (type) {
            case "send" -> SpanKind.PRODUCER;
            case "receive" -> SpanKind.CONSUMER;
            default -> SpanKind.CLIENT;
        };
    }

    private String destination(MessagingRequest request) {
        return request.destination().isEmpty()
                ? topics.name(request.destinationId())
                : request.destination().toString();
    }

    private static void details(MessagingRequest request, SpanSink sink) {
        if (request.partition() >= 0) {
            sink.text(Key.MESSAGING_PARTITION, Integer.toString(request.partition()));
        }
        if (request.topics() > 0) {
            sink.number(Key.MESSAGING_TOPICS, request.topics());
        }
        if (request.partitions() > 0) {
            sink.number(Key.MESSAGING_PARTITIONS, request.partitions());
        }
        if (request.messages() > 0) {
            sink.number(Key.MESSAGING_COUNT, request.messages());
        }
        if (request.size() >= 0) {
            sink.number(Key.MESSAGING_SIZE, request.size());
        }
        if (request.isTemporary()) {
            sink.isTrue(Key.MESSAGING_TEMPORARY);
        }
        if (!request.group().isEmpty()) {
            sink.text(Key.MESSAGING_GROUP, request.group());
        }
        if (!request.client().isEmpty()) {
            sink.text(Key.MESSAGING_CLIENT, request.client());
        }
    }

    private void links(TraceLinks links, SpanSink sink) {
        for (int i = 0; i < links.count(); i++) {
            int at = links.at(i);
            sink.link(
                    traceId.set(links.bytes(), at, at + 16),
                    spanId.set(links.bytes(), at + 16, at + 24),
                    links.bytes()[at + 24] & 0xff | IS_REMOTE);
        }
    }
}
