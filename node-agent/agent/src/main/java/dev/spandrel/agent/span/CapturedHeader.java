package dev.spandrel.agent.span;

/** A request header that becomes an attribute. */
public record CapturedHeader(String name, Key key) {
    public CapturedHeader(String lowerCaseName) {
        this(lowerCaseName, Key.requestHeader(lowerCaseName));
    }
}
