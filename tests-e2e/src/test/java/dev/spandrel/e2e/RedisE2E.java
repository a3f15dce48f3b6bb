package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Redis and clients in three languages: the server's own counts of commands and errors are those of the spans at both ends, and nothing is lost. */
@Tag(OtherKernel.TAG)
final class RedisE2E {
    private static final Pattern COMMANDS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+).*rejected_calls=(\\d+).*");
    private static final Pattern ERRORS = Pattern.compile("errorstat_([^:]+):count=(\\d+)");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyCommandIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "redis")) {
            String port = all.port();
            all.serve("redis/server.sh", directory.toString(), port);
            all.client("cli", "redis/cli.sh", port);
            all.client("python", PYTHON, "redis/client.py", port);
            all.client("go", BUILT + "/go", "redis", port);
            all.midway("python-midway", PYTHON, "redis/client.py", port);
            all.midway("go-midway", BUILT + "/go", "redis", port);
            all.prepare("redis-cli", "-p", port, "config", "resetstat");
            try (AgentProcess agent = all.trace(backend)) {
                compare(agent, port);
            }
        }
    }

    private static void compare(AgentProcess agent, String port) throws IOException, InterruptedException {
        Map<String, Integer> commands = counts(port, COMMANDS, "commandstats");
        Map<String, Integer> errors = counts(port, ERRORS, "errorstats");
        commands.remove("config|resetstat");
        int all = commands.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(commands).containsKeys("subscribe", "exec", "config|get", "publish", "hgetall");
        assertThat(errors).containsKeys("ERR", "WRONGTYPE", "NOSCRIPT");
        List<String> differences = new ArrayList<>();
        for (int kind : List.of(Span.SERVER, Span.CLIENT)) {
            Await.before(() -> agent.spans(span -> span.kind() == kind && commands.containsKey(command(span)))
                            .size()
                    >= all);
            List<Span> spans =
                    agent.spans(span -> span.kind() == kind && !command(span).equals("info"));
            // Commands that it does not know the server counts among the errors alone.
            differences.addAll(Differences.of(
                    "counts of commands, and spans of kind " + kind,
                    times(commands),
                    spans.stream()
                            .map(RedisE2E::command)
                            .filter(commands::containsKey)
                            .toList()));
            differences.addAll(Differences.of(
                    "counts of errors, and spans of kind " + kind,
                    times(errors),
                    spans.stream()
                            .map(span -> span.attribute("db.response.status_code"))
                            .filter(code -> !code.isEmpty())
                            .toList()));
        }
        assertThat(differences).as("lost, by reason: " + agent.lost()).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("db.system.name")).isEqualTo("redis");
            assertThat(span.attributes().toString()).doesNotContain(SECRET);
        });
        assertThat(agent.spans(span -> span.attribute("db.namespace").equals("3")
                        && span.attribute("db.query.text").equals("SET ?")))
                .as("after SELECT, of three connections, at both ends")
                .hasSize(6);
        assertThat(agent.metric("db_client_operation_duration_seconds_count", "db_system_name=\"redis\""))
                .isEqualTo(agent.spans(span -> span.kind() == Span.CLIENT).size());
    }

    private static String command(Span span) {
        return span.attribute("db.operation.name").toLowerCase(Locale.ROOT).replace(' ', '|');
    }

    private static List<String> times(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .flatMap(count -> Collections.nCopies(count.getValue(), count.getKey()).stream())
                .toList();
    }

    private static Map<String, Integer> counts(String port, Pattern pattern, String section)
            throws IOException, InterruptedException {
        Process asked = new ProcessBuilder("redis-cli", "-p", port, "info", section).start();
        String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(asked.waitFor()).isZero();
        Map<String, Integer> counts = new TreeMap<>();
        pattern.matcher(said).results().forEach(found -> counts.put(found.group(1), number(found)));
        counts.remove("info");
        return counts;
    }

    private static int number(MatchResult found) {
        int number = 0;
        for (int group = 2; group <= found.groupCount(); group++) {
            number += Integer.parseInt(found.group(group));
        }
        return number;
    }
}
