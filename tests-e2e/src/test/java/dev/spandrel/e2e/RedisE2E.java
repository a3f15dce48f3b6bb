package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Redis and clients in three languages: the server's own counts of commands and errors are those of the spans at both ends, and nothing is lost. */
final class RedisE2E {
    private static final Path PROGRAMS = Checkout.ROOT.resolve("tests-e2e/programs");
    private static final String BUILT =
            Checkout.ROOT.resolve(".spandrel/programs").toString();
    private static final Pattern COMMANDS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+).*rejected_calls=(\\d+).*");
    private static final Pattern ERRORS = Pattern.compile("errorstat_([^:]+):count=(\\d+)");
    private static final String SECRET = "s3cr3t";

    private final TestCgroup server = TestCgroup.make("redis");
    private final Map<String, TestCgroup> clients = new LinkedHashMap<>();
    private final int port = Ports.free();

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        run(server, "redis/server.sh", directory.toString(), "" + port);
        Ports.awaitListening(port);
    }

    @AfterEach
    void stop() {
        clients.values().forEach(TestCgroup::close);
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyCommandIsASpanAtBothEnds(String backend) throws Exception {
        Policies policies = Policies.in(directory);
        policies.write("server", server, "roles: [Server]");
        Map<String, List<String>> commands = Map.of(
                "cli", List.of("redis/cli.sh", "" + port),
                "python", List.of(BUILT + "/python/bin/python", "redis/client.py", "" + port),
                "go", List.of(BUILT + "/go", "redis", "" + port));
        for (String name : commands.keySet()) {
            clients.put(name, TestCgroup.make(name));
            run(clients.get(name), "sleep", "600");
            policies.write(name, clients.get(name), "roles: [Client]");
        }
        try (AgentProcess agent = AgentProcess.start(
                directory,
                "--backend",
                backend,
                "--policies",
                policies.directory().toString(),
                "--ring-bytes", // so many commands in so short a time
                "33554432")) {
            agent.awaitSelected(1 + commands.size());
            for (var command : commands.entrySet()) {
                Process client =
                        run(clients.get(command.getKey()), command.getValue().toArray(String[]::new));
                assertThat(client.waitFor())
                        .as(command.getKey() + "; see " + directory.resolve("programs.out"))
                        .isZero();
            }
            compare(agent);
        }
    }

    private void compare(AgentProcess agent) throws IOException, InterruptedException {
        Map<String, Integer> commands = counts(COMMANDS, "commandstats");
        Map<String, Integer> errors = counts(ERRORS, "errorstats");
        int all = commands.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(commands).containsKeys("subscribe", "exec", "config|get", "publish", "hgetall");
        assertThat(errors).containsKeys("ERR", "WRONGTYPE", "NOSCRIPT");
        List<String> differences = new ArrayList<>();
        for (int kind : List.of(Span.SERVER, Span.CLIENT)) {
            Await.before(() -> agent.spans(span -> span.kind() == kind).size() >= all);
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
                .as("after SELECT, by two clients, at both ends")
                .hasSize(4);
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

    private Map<String, Integer> counts(Pattern pattern, String section) throws IOException, InterruptedException {
        Process asked = new ProcessBuilder("redis-cli", "-p", "" + port, "info", section).start();
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

    private Process run(TestCgroup cgroup, String... command) {
        return cgroup.start(PROGRAMS, Optional.empty(), directory.resolve("programs.out"), List.of(command));
    }
}
