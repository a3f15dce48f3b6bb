package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.Method;
import dev.spandrel.agent.event.StreamRecord;
import dev.spandrel.agent.protocol.DatabaseRequest;
import dev.spandrel.agent.protocol.Elasticsearch;
import dev.spandrel.agent.protocol.Graphql;
import dev.spandrel.agent.protocol.GraphqlRequest;
import dev.spandrel.agent.protocol.Jsonrpc;
import dev.spandrel.agent.protocol.JsonrpcRequest;
import dev.spandrel.agent.protocol.Opensearch;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.http.RequestHead;

/** What an exchange is beyond HTTP: what {@code over_http.h} and its protocols' files find of one of HTTP/1, by the same rules. */
final class OverHttp {
    private final Opensearch search = new Opensearch();
    private final Graphql graphql = new Graphql();
    private final Jsonrpc jsonrpc = new Jsonrpc();
    private final RequestHead head = new RequestHead();
    private final Slice contentType = new Slice();

    /** Whether the policy names one of those that are told by the bodies of requests. */
    static boolean readsBodies(StreamRecord news) {
        return news.names(Graphql.NUMBER) || news.names(Jsonrpc.NUMBER);
    }

    /** The protocol that its target says, to a policy that names it; 0: none. */
    int byTarget(Exchange x) {
        if ((x.names(Opensearch.NUMBER) || x.names(Elasticsearch.NUMBER)) && isOfSearch(x)) {
            return x.asksFor(Opensearch.NUMBER) ? Opensearch.NUMBER : Elasticsearch.NUMBER;
        }
        if (x.method == Method.GET && x.names(Graphql.NUMBER) && asksByQuery(x)) {
            return Graphql.NUMBER;
        }
        return 0;
    }

    /** Likewise its request's body, as far as it is here. */
    int byBody(Exchange x, Slice body) {
        if (x.names(Jsonrpc.NUMBER) && jsonrpc.read(body) instanceof JsonrpcRequest) {
            return Jsonrpc.NUMBER;
        }
        head.wrap(x.head, 0, x.head.length).header("content-type", contentType);
        return x.names(Graphql.NUMBER) && graphql.read(contentType, body) instanceof GraphqlRequest
                ? Graphql.NUMBER
                : 0;
    }

    private boolean asksByQuery(Exchange x) {
        head.wrap(x.head, 0, x.head.length);
        return graphql.readQuery(head.query(), head.isTargetWhole()) instanceof GraphqlRequest;
    }

    /** Its answer says that Elasticsearch sent it. */
    static int elasticsearch(Exchange x) {
        return x.asksFor(Elasticsearch.NUMBER) ? Elasticsearch.NUMBER : 0;
    }

    /** What is done to an index as a whole could be any API's. */
    private boolean isOfSearch(Exchange x) {
        return hasPartOfItsOwn(x.head) && search.read(x.head, 0, x.head.length) instanceof DatabaseRequest;
    }

    private static boolean hasPartOfItsOwn(byte[] head) {
        for (int i = 1; i < head.length && head[i] != '?' && head[i] != '\r'; i++) {
            if (head[i - 1] == '/' && head[i] == '_') {
                return true;
            }
        }
        return false;
    }
}
