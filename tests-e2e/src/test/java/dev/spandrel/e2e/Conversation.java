package dev.spandrel.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A golden conversation of {@code resources/framing}: what both ends send (played by scripted.py) and the spans it must give, in order. */
record Conversation(String name, List<Expected> spans) {
    /** Empty status: none was seen. Error "*": any; empty: not looked at. */
    record Expected(String method, String path, String status, String error) {
        boolean matches(Span span) {
            return span.attribute("http.request.method").equals(method)
                    && span.attribute("http.response.status_code").equals(status)
                    && (error.isEmpty() || error.equals("*")
                            ? error.isEmpty() || !span.attribute("error.type").isEmpty()
                            : error.equals(span.attribute("error.type")));
        }
    }

    static List<Conversation> all(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().map(Conversation::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Conversation read(Path file) {
        try {
            JsonNode spans = new ObjectMapper().readTree(file.toFile()).path("spans");
            return new Conversation(
                    file.getFileName().toString().replace(".json", ""),
                    StreamSupport.stream(spans.spliterator(), false)
                            .map(span -> new Expected(
                                    span.path("method").asText(),
                                    span.path("path").asText(),
                                    span.path("status").asText(),
                                    span.path("error").asText()))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /** Differences between the spans of one end and what was expected; empty if there are none. */
    List<String> differences(int split, List<Span> ofThisEnd) {
        String identity = name + "-" + split;
        List<Span> mine = ofThisEnd.stream()
                .filter(span ->
                        span.path().equals("/" + identity) || span.path().startsWith("/" + identity + "/"))
                .toList();
        List<String> seen = mine.stream().map(Conversation::shown).toList();
        List<String> wanted = spans.stream()
                .map(span ->
                        String.join(" ", span.method, span.path.replace("{id}", identity), span.status, span.error))
                .toList();
        boolean same = mine.size() == spans.size();
        for (int i = 0; same && i < mine.size(); i++) {
            same = spans.get(i).matches(mine.get(i))
                    && mine.get(i).path().equals(spans.get(i).path.replace("{id}", identity));
        }
        return same ? List.of() : List.of(identity + ": wanted " + wanted + " but saw " + seen);
    }

    private static String shown(Span span) {
        return String.join(
                " ",
                span.attribute("http.request.method"),
                span.path(),
                span.attribute("http.response.status_code"),
                span.attribute("error.type"));
    }
}
