package dev.spandrel.agent.span;

/** A request header that becomes an attribute: of HTTP, or of gRPC, which calls it metadata. */
public record CapturedHeader(String name, Key key, Key metadataKey) {
    public CapturedHeader(String lowerCaseName) {
        this(lowerCaseName, Key.requestHeader(lowerCaseName), Key.requestMetadata(lowerCaseName));
    }
}
