package dev.spandrel.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PostgreSQL's own account of what it did: {@code log_min_duration_statement=0} as JSON lines. */
final class PostgresqlLog {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern DONE =
            Pattern.compile("duration: [0-9.]+ ms {2}(?:statement|execute [^:]*): (.*)", Pattern.DOTALL);
    private static final Pattern LITERAL =
            Pattern.compile("'(?:[^']|'')*'|\\$\\$.*?\\$\\$|(?<![\\w$])\\d+\\b", Pattern.DOTALL);

    private PostgresqlLog() {}

    /** STATE STATEMENT of each that ended, well or not, with literals as question marks. */
    static List<String> statements(Path log) {
        try (var lines = Files.lines(log)) {
            return lines.map(PostgresqlLog::parse).flatMap(Optional::stream).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> parse(String line) {
        try {
            JsonNode entry = JSON.readTree(line);
            String state = entry.path("state_code").asText("00000");
            if (entry.path("error_severity").asText().equals("ERROR")) {
                return Optional.of(
                        state + " " + sanitized(entry.path("statement").asText()));
            }
            Matcher done = DONE.matcher(entry.path("message").asText());
            return done.matches() ? Optional.of("00000 " + sanitized(done.group(1))) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty(); // its last line, half written
        }
    }

    private static String sanitized(String statement) {
        return LITERAL.matcher(statement)
                .replaceAll("?")
                .replaceAll("\\s+", " ")
                .replaceAll("\\?, \\?", "?")
                .strip();
    }
}
