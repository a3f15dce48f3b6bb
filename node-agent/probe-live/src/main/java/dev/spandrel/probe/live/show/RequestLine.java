package dev.spandrel.probe.live.show;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The first bytes of an HTTP request: its line as far as it was kept. */
record RequestLine(String method, String path) {
    private static final Pattern NUMBERED =
            Pattern.compile("\\d+|[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /** Zeroes: no request, or none with a line; both parts are empty then. */
    static RequestLine read(byte[] content, int at, int bytes) {
        String line = new String(content, at, bytes, StandardCharsets.US_ASCII);
        int blank = line.indexOf(' ');
        if (blank <= 0) return new RequestLine("", "");
        int end = blank + 1;
        while (end < line.length() && " ?#\r\n\0".indexOf(line.charAt(end)) < 0) end++;
        return new RequestLine(line.substring(0, blank), line.substring(blank + 1, end));
    }

    /** The path without its query; what is a number or an id in it is {id}, so that there are few. */
    String route() {
        if (!path.startsWith("/")) return path;
        return Arrays.stream(path.split("/", -1))
                .map(part -> NUMBERED.matcher(part).matches() ? "{id}" : part)
                .collect(Collectors.joining("/"));
    }

    /** As the agent names its span. */
    String spanName() {
        return method;
    }

    /** A line that is the same for all that are called the same. */
    byte[] canonical(boolean route, int bytes) {
        String line = method.isEmpty() ? "" : route ? "* " + route() + " " : method + " ";
        return Arrays.copyOf(line.getBytes(StandardCharsets.US_ASCII), bytes);
    }
}
