package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.protocol.Answer;
import dev.spandrel.agent.protocol.Graphql;
import dev.spandrel.agent.protocol.GraphqlRequest;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.http.RequestHead;
import java.util.Optional;

/** An operation of GraphQL that HTTP carries. Valid until the next one: one per thread. */
final class GraphqlOperation implements Carried {
    private final RequestHead head = new RequestHead();
    private final Slice body = new Slice();
    private final Slice contentType = new Slice();
    private final Slice name = new Slice();
    private String type = "";
    private boolean failed;

    /** Empty: it only looked like one. */
    Optional<Carried> read(ExchangeRecord exchange, Graphql reader) {
        head.wrap(exchange.bytes(), exchange.headOffset(), exchange.headLength());
        failed = reader.isError(body.set(exchange.bytes(), exchange.answerBodyOffset(), exchange.answerBodyEnd()));
        body.set(exchange.bytes(), exchange.requestBodyOffset(), exchange.requestBodyEnd());
        if (!(answer(reader) instanceof GraphqlRequest asked)) return Optional.empty();
        name.set(asked.name());
        type = asked.type();
        return Optional.of(this);
    }

    private Answer answer(Graphql reader) {
        if (body.isEmpty()) return reader.readQuery(head.query(), head.isTargetWhole());
        head.header("content-type", contentType);
        return reader.read(contentType, body);
    }

    /** Without the operation's name, which clients choose. */
    @Override
    public String name() {
        return type.isEmpty() ? "GraphQL Operation" : type;
    }

    @Override
    public void write(SpanSink sink) {
        if (!type.isEmpty()) sink.text(Key.GRAPHQL_TYPE, type);
        if (!name.isEmpty()) sink.text(Key.GRAPHQL_NAME, name);
    }

    /** Errors have no type of their own. */
    @Override
    public String error() {
        return failed ? "_OTHER" : "";
    }
}
