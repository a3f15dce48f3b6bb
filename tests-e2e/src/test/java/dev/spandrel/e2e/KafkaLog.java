package dev.spandrel.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The broker's own account: {@code kafka.request.logger}, a line of JSON for each request that was completed. */
final class KafkaLog {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMPLETED = "Completed request:";
    private static final Map<String, String> NAMES =
            Map.of("produce", "send", "fetch", "poll", "offset_commit", "commit");

    private KafkaLog() {}

    /** OPERATION CLIENT of those that the test's clients sent, and not what the broker sent itself on their behalf. */
    static List<String> requests(Path log) {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(COMPLETED))
                    .map(line -> parse(line.substring(line.indexOf(COMPLETED) + COMPLETED.length())))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The broker has clients of its own. */
    static boolean isOurs(String client) {
        return client.startsWith("java") || client.startsWith("rdkafka") || client.startsWith("python");
    }

    private static Optional<String> parse(String json) {
        try {
            JsonNode request = JSON.readTree(json);
            JsonNode header = request.path("requestHeader");
            String client = header.path("clientId").asText();
            String name = header.path("requestApiKeyName").asText().toLowerCase(Locale.ROOT);
            return request.path("isForwarded").asBoolean() || !isOurs(client)
                    ? Optional.empty()
                    : Optional.of(NAMES.getOrDefault(name, name) + " " + client);
        } catch (IOException _) {
            return Optional.empty(); // its last line, half written
        }
    }
}
