package dev.spandrel.agent.decorate;

import dev.spandrel.agent.span.CapturedHeader;
import java.util.List;
import java.util.SortedMap;

/** What all spans of one process share. Attribute values are strings or longs. Compared by identity: it is shared by its spans. */
public final class TracedResource {
    private final SortedMap<String, Object> attributes;
    private final List<CapturedHeader> requestHeaders;

    public TracedResource(SortedMap<String, Object> attributes, List<CapturedHeader> requestHeaders) {
        this.attributes = attributes;
        this.requestHeaders = List.copyOf(requestHeaders);
    }

    public SortedMap<String, Object> attributes() {
        return attributes;
    }

    public List<CapturedHeader> requestHeaders() {
        return requestHeaders;
    }
}
