package dev.spandrel.probe.live.profile;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Where something was counted, and of whom.
 *
 * @param frames the innermost first
 * @param attributes numbers are {@link Long}, all else is text
 */
public record Site(List<Frame> frames, SortedMap<String, Object> attributes, Optional<Request> request) {
    public Site {
        frames = List.copyOf(frames);
    }

    /** The span that the thread worked for; ids in hexadecimal. */
    public record Request(String traceId, String spanId) {}
}
