package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memcached and clients in two languages, some connected before the agent came: every line that it logs is a span at both ends, with its error. */
@Tag(OtherKernel.TAG)
final class MemcachedE2E {
    /** What it was asked, and what it answered in one line. */
    private static final Pattern LINE = Pattern.compile("([<>])(\\d+) (\\w+).*");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyCommandIsASpanAtBothEnds(String backend) throws Exception {
        try (ServerAndClients all = ServerAndClients.in(directory, "memcached")) {
            // Of one thread, so that the lines of its log are whole.
            all.serve("memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", all.port(), "-t", "1", "-vv");
            all.midway("python-midway", PYTHON, "memcached/client.py", all.port());
            all.midway("go-midway", BUILT + "/memcached", all.port());
            all.client("python", PYTHON, "memcached/client.py", all.port());
            all.client("go", BUILT + "/memcached", all.port());
            int before = all.lines("server").size();
            try (AgentProcess agent = all.trace(backend)) {
                compare(agent, all, before);
            }
        }
    }

    private static void compare(AgentProcess agent, ServerAndClients all, int before) {
        List<String> log = all.lines("server");
        List<String> asked = asked(log.subList(before, log.size()));
        Await.before(() -> agent.spans().size() >= 2 * asked.size());
        assertThat(asked)
                .hasSizeGreaterThan(2000)
                .contains("set SERVER_ERROR", "incr CLIENT_ERROR", " ERROR", "mg ", "gets ", "cas ");
        assertThat(ServerAndClients.differences(
                        agent,
                        asked,
                        span -> span.attribute("db.operation.name") + " " + span.attribute("db.response.status_code")))
                .as("lost, by reason: " + agent.lost())
                .isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.metric("spandrel_connections_total", "guessed_wrong")).isZero();
        assertThat(agent.spans()).allSatisfy(span -> {
            assertThat(span.attribute("db.system.name")).isEqualTo("memcached");
            assertThat(span.name() + span.attributes()).doesNotContain(SECRET);
        });
        assertThat(agent.spans(
                        span -> span.attribute("db.response.returned_rows").equals("60")))
                .as("all keys at once, by two clients, at both ends")
                .hasSize(4)
                .allSatisfy(span -> assertThat(span.name()).isEqualTo("get"));
        for (String operation : List.of("get", "set", "delete", "mg")) {
            assertThat(agent.metric(
                            "db_client_operation_duration_seconds_count", "db_operation_name=\"" + operation + "\""))
                    .as(operation)
                    .isEqualTo(asked.stream()
                            .filter(line -> line.startsWith(operation + " "))
                            .count());
        }
    }

    /** COMMAND ERROR of each line that was asked; words that are no commands are left out. An answer comes before the connection's next line is read. */
    private static List<String> asked(List<String> log) {
        List<String> asked = new ArrayList<>();
        Map<String, Integer> last = new HashMap<>();
        for (String text : log) {
            Matcher line = LINE.matcher(text);
            if (!line.matches() || line.group(3).matches("quit|new|server|connection")) {
                continue;
            }
            if (line.group(1).equals("<")) {
                last.put(line.group(2), asked.size());
                asked.add((line.group(3).equals("nonsense") ? "" : line.group(3)) + " ");
            } else if (line.group(3).endsWith("ERROR")) {
                int question = last.get(line.group(2));
                asked.set(question, asked.get(question) + line.group(3));
            }
        }
        return asked;
    }
}
