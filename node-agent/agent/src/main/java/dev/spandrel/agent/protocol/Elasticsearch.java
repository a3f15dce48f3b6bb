package dev.spandrel.agent.protocol;

import dev.spandrel.contract.v1.Protocol;

/** Elasticsearch over HTTP: which endpoint of its API a request line is of, by the names that its clients have for them. */
public final class Elasticsearch implements SearchProtocol {
    public static final int NUMBER = Protocol.PROTOCOL_ELASTICSEARCH_VALUE;

    private final SearchEndpoints endpoints = new SearchEndpoints();

    @Override
    public String system() {
        return "elasticsearch";
    }

    @Override
    public Answer read(byte[] bytes, int from, int to) {
        return endpoints.read(bytes, from, to);
    }
}
