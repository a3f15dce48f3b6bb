package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.StatementRecord;
import dev.spandrel.agent.protocol.DatabaseProtocol;
import dev.spandrel.agent.protocol.Dns;
import dev.spandrel.agent.protocol.Graphql;
import dev.spandrel.agent.protocol.Grpc;
import dev.spandrel.agent.protocol.Http;
import dev.spandrel.agent.protocol.Http2;
import dev.spandrel.agent.protocol.Jsonrpc;
import dev.spandrel.agent.protocol.MessagingProtocol;
import dev.spandrel.agent.protocol.Protocols;
import dev.spandrel.agent.protocol.SearchProtocol;
import java.util.List;
import java.util.Optional;

/** Writes exchanges as spans, each as its protocol asks for. Holds scratch space: one per thread. */
public final class SpanWriter {
    private final HttpSpan http;
    private final RpcSpan rpc;
    private final DatabaseSpan database;
    private final SearchSpan search;
    private final MessagingSpan messaging;
    private final DnsSpan dns;
    private final GraphqlOperation operation = new GraphqlOperation();
    private final JsonrpcCall call = new JsonrpcCall();
    private final Protocols protocols = new Protocols();

    public SpanWriter(WallClock clock) {
        AddressTexts addresses = new AddressTexts();
        http = new HttpSpan(clock, addresses);
        rpc = new RpcSpan(clock, addresses);
        database = new DatabaseSpan(clock, addresses);
        search = new SearchSpan(clock, addresses);
        messaging = new MessagingSpan(clock, addresses);
        dns = new DnsSpan(clock, addresses);
    }

    /** {@code headers}: the request headers that become attributes. */
    public void write(ExchangeRecord exchange, List<CapturedHeader> headers, SpanSink sink) {
        switch (protocols.of(exchange.protocol())) {
            case Http _, Http2 _ -> http.write(exchange, headers, Carried.NOTHING, sink);
            case Graphql protocol -> write(exchange, headers, operation.read(exchange, protocol), sink);
            case Jsonrpc protocol -> write(exchange, headers, call.read(exchange, protocol), sink);
            case Grpc _ -> rpc.write(exchange, headers, sink);
            case SearchProtocol protocol -> search.write(exchange, protocol, sink);
            case DatabaseProtocol protocol -> database.write(exchange, protocol, sink);
            case MessagingProtocol protocol -> messaging.write(exchange, protocol, sink);
            case Dns protocol -> dns.write(exchange, protocol, sink);
        }
    }

    /** What later exchanges of the connection speak of by name. */
    public void learn(StatementRecord statement) {
        switch (protocols.of(statement.protocol())) {
            case DatabaseProtocol protocol -> database.learn(statement, protocol);
            case MessagingProtocol protocol -> messaging.learn(statement, protocol);
            case Http _, Http2 _, Grpc _, Graphql _, Jsonrpc _, Dns _ -> {}
        }
    }

    /** What only looked like what the policy names is HTTP, where that is asked for. */
    private void write(
            ExchangeRecord exchange, List<CapturedHeader> headers, Optional<Carried> carried, SpanSink sink) {
        if (carried.isPresent() || !exchange.isOfCarrier()) {
            http.write(exchange, headers, carried.orElse(Carried.NOTHING), sink);
        }
    }
}
