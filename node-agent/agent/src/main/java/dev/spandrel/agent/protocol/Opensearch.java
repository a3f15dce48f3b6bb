package dev.spandrel.agent.protocol;

import dev.spandrel.contract.v1.Protocol;

/** OpenSearch over HTTP, whose endpoints are those of the Elasticsearch that it comes from. */
public final class Opensearch implements SearchProtocol {
    public static final int NUMBER = Protocol.PROTOCOL_OPENSEARCH_VALUE;

    private final SearchEndpoints endpoints = new SearchEndpoints();

    @Override
    public String system() {
        return "opensearch";
    }

    @Override
    public Answer read(byte[] bytes, int from, int to) {
        return endpoints.read(bytes, from, to);
    }
}
