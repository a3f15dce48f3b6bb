package dev.spandrel.agent.protocol;

/** OpenSearch over HTTP, whose endpoints are those of the Elasticsearch that it comes from. */
public final class Opensearch implements SearchProtocol {
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
