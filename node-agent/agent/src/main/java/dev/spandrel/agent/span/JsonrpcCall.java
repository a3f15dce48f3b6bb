package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.protocol.Jsonrpc;
import dev.spandrel.agent.protocol.JsonrpcRequest;
import dev.spandrel.agent.protocol.Slice;
import java.util.Optional;

/** A call by JSON-RPC that HTTP carries. Valid until the next one: one per thread. */
final class JsonrpcCall implements Carried {
    private final Slice body = new Slice();
    private final Slice method = new Slice();
    private final Slice id = new Slice();
    private final Slice code = new Slice();
    private boolean hasId;

    /** Empty: it only looked like one. */
    Optional<Carried> read(ExchangeRecord exchange, Jsonrpc reader) {
        reader.error(body.set(exchange.bytes(), exchange.answerBodyOffset(), exchange.answerBodyEnd()), code);
        body.set(exchange.bytes(), exchange.requestBodyOffset(), exchange.requestBodyEnd());
        if (!(reader.read(body) instanceof JsonrpcRequest asked)) return Optional.empty();
        method.set(asked.method());
        id.set(asked.id());
        hasId = asked.hasId();
        return Optional.of(this);
    }

    @Override
    public String name() {
        return method.isEmpty() ? Jsonrpc.SYSTEM : method.toString();
    }

    @Override
    public void write(SpanSink sink) {
        sink.text(Key.RPC_SYSTEM, Jsonrpc.SYSTEM);
        sink.text(Key.JSONRPC_VERSION, Jsonrpc.VERSION);
        if (!method.isEmpty()) sink.text(Key.RPC_METHOD, method);
        if (hasId) sink.text(Key.JSONRPC_ID, id);
        if (!code.isEmpty()) sink.text(Key.RPC_STATUS, code);
    }

    @Override
    public String error() {
        return code.toString();
    }
}
