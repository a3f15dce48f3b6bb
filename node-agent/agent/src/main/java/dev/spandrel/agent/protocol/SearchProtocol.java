package dev.spandrel.agent.protocol;

/** Of a search engine, whose operations are methods and paths of HTTP, and whose outcome is HTTP's status. */
public interface SearchProtocol extends DatabaseProtocol {
    @Override
    default String error(int status) {
        return Integer.toString(status);
    }

    @Override
    default boolean isError(int status) {
        return status >= 400;
    }
}
