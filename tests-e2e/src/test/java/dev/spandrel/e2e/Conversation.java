package dev.spandrel.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A golden conversation of {@code resources/framing}: what both ends send (played by scripted.py) and the spans it must give, in order; by reason, what each end must count as lost. */
record Conversation(String name, List<Expected> spans, Map<String, Integer> lost) {
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

    /** Those that are played with so many bytes per call, in the order in which they are played. */
    static List<Conversation> all(Path folder, int split) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted()
                    .map(file -> read(file, split))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Conversation> read(Path file, int split) {
        try {
            JsonNode conversation = new ObjectMapper().readTree(file.toFile());
            if (conversation.has("splits")
                    && elements(conversation.path("splits")).noneMatch(one -> one.asInt() == split)) {
                return Optional.empty();
            }
            return Optional.of(new Conversation(
                    file.getFileName().toString().replace(".json", ""),
                    elements(conversation.path("spans"))
                            .flatMap(Conversation::expected)
                            .toList(),
                    conversation.path("lost").properties().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey,
                                    reason -> reason.getValue().asInt()))));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /** As many times as it says, "{n}" in its path counted. */
    private static Stream<Expected> expected(JsonNode span) {
        return IntStream.range(0, span.path("times").asInt(1))
                .mapToObj(n -> new Expected(
                        span.path("method").asText(),
                        span.path("path").asText().replace("{n}", "" + n),
                        span.path("status").asText(),
                        span.path("error").asText()));
    }

    /** Differences between the spans of one end and what was expected; empty if there are none. */
    List<String> differences(int split, List<Span> ofThisEnd) {
        String identity = name + "-" + split;
        List<Span> mine =
                ofThisEnd.stream().filter(span -> isOf(identity, span)).toList();
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

    /** By its path, or by its user agent where the request target has no path. */
    private static boolean isOf(String identity, Span span) {
        return span.path().equals("/" + identity)
                || span.path().startsWith("/" + identity + "/")
                || span.attribute("user_agent.original").equals(identity);
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
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
