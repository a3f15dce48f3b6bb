package dev.spandrel.policy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What people get wrong and what they are told: here when it is in a file; {@code CrdIT} fills the table's other line, the API server's words. */
final class MessagesTest {
    private static final Path TABLE = Path.of("src/test/resources/refused/messages.table");

    @Test
    void eachMistakeIsTold() {
        List<String> lines = Golden.read(TABLE).lines().toList();
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < lines.size(); i += 3) {
            table.append(lines.get(i))
                    .append("\n  file  ")
                    .append(message(lines.get(i)))
                    .append('\n');
            table.append(lines.get(i + 2)).append('\n');
        }
        Golden.check(TABLE, table.toString());
    }

    private static String message(String spec) {
        String yaml = "{apiVersion: spandrel.dev/v1alpha1, kind: TracePolicy, metadata: {name: x}, spec: " + spec + "}";
        return PolicyFiles.parse("x.yaml", yaml, Instant.EPOCH).refusals().stream()
                .map(PolicyFile.Refusal::reason)
                .collect(Collectors.joining("; "));
    }
}
