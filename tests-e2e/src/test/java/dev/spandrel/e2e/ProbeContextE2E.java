package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the tool says beside an agent of the request that a thread is answering: the probe stands on connect(), which the server calls once for each of its
 * requests. The server's own log says which trace came with which path, the agent's spans which id the span has.
 */
@Tag(OtherKernel.TAG)
final class ProbeContextE2E {
    private static final int REQUESTS = 400;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestCgroup threaded = TestCgroup.make("threaded");
    private final TestCgroup leaf = TestCgroup.make("leaf");

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        List.of(leaf, threaded).forEach(TestCgroup::close);
    }

    @Test
    void namesTheRequestThatTheThreadAnswers() throws Exception {
        var server = new ThreadedServer(threaded, leaf, directory);
        Policies policies = Policies.in(directory);
        policies.write("threaded", threaded, "sampling: {percent: 100}\n");
        try (AgentProcess agent = AgentProcess.startBy(
                List.of("sh", "-c", "\"$@\" & trap 'kill $!' TERM; wait; wait", "-"),
                directory,
                "--policies",
                policies.directory().toString())) {
            agent.awaitSelected(1);
            try (DevProcess probe = probe(agent, server.pid(), "text");
                    DevProcess asOtlp = probe(agent, server.pid(), "otlp")) {
                BufferedReader output = probe.output();
                BufferedReader otlp = asOtlp.output();
                assertThat(output.readLine()).as(probe.log()).startsWith("Attaching");
                assertThat(otlp.readLine()).as(asOtlp.log()).contains("attached to 2 points");
                assertThat(output.readLine()).isEqualTo("attached");
                assertThat(otlp.readLine()).contains("\"attached\"");
                server.load(REQUESTS);
                List<String[]> said = said(output);
                probe.signal("INT");
                List<String> summary = output.lines().toList();
                check(agent, said, server.pathsByTrace());
                assertThat(summary).contains("@[/r/{id}, " + threaded.name() + "]: " + REQUESTS);
                checkOtlp(otlp, asOtlp, said);
            }
        }
    }

    /** The same as log records of their traces, and the map as a metric when the program ends. */
    private void checkOtlp(BufferedReader otlp, DevProcess probe, List<String[]> said) throws IOException {
        List<String> spans = new ArrayList<>();
        while (spans.size() < REQUESTS) {
            JsonNode record = JSON.readTree(otlp.readLine()).at("/resourceLogs/0/scopeLogs/0/logRecords/0");
            if (record.at("/body/stringValue").asText().equals("attached")) continue;
            assertThat(record.at("/body/stringValue").asText())
                    .startsWith(record.path("traceId").asText() + " "
                            + record.path("spanId").asText() + " GET");
            spans.add(record.path("spanId").asText());
        }
        assertThat(spans)
                .containsExactlyInAnyOrderElementsOf(
                        said.stream().map(fields -> fields[1]).toList());
        probe.signal("INT");
        String last = otlp.lines()
                .filter(line -> line.contains("resourceMetrics"))
                .findFirst()
                .orElseThrow();
        JsonNode metric = JSON.readTree(last).at("/resourceMetrics/0/scopeMetrics/0/metrics/0");
        assertThat(metric.at("/sum/isMonotonic").asBoolean()).isTrue();
        JsonNode point = metric.at("/sum/dataPoints/0");
        assertThat(point.path("asInt").asInt()).isEqualTo(REQUESTS);
        assertThat(point.path("attributes").toString())
                .contains("\"http.route\"", "\"/r/{id}\"", "\"workload\"", threaded.name());
    }

    private DevProcess probe(AgentProcess agent, long server, String form) {
        // One key for all paths: they are one route before they are in the map.
        String program = """
                config = { max_map_keys = 1 }
                tracepoint:syscalls:sys_enter_connect /pid == %d && span_id()/ {
                    printf("%%s %%s %%s %%s\\n", trace_id(), span_id(), span_name(), container());
                    @[route(), workload()] = count();
                }
                interval:s:1 { printf("attached\\n"); }
                """.formatted(server);
        // Others' agents may run beside it; this one is named by what it was started by.
        List<String> arguments =
                List.of("probe", "run", "--agent", "" + agent.process().pid(), "--output", form, "-e", program);
        return DevProcess.start(directory, Map.of(), "spandrel", arguments);
    }

    /** Trace id, span id, span name and container of each request. */
    private static List<String[]> said(BufferedReader output) throws IOException {
        List<String[]> said = new ArrayList<>();
        while (said.size() < REQUESTS) {
            String line = output.readLine();
            if (!line.equals("attached")) said.add(line.split(" "));
        }
        return said;
    }

    private void check(AgentProcess agent, List<String[]> said, Map<String, String> pathsByTrace) {
        assertThat(said.stream().map(fields -> fields[0])).containsExactlyInAnyOrderElementsOf(pathsByTrace.keySet());
        for (String[] fields : said) {
            Span span = agent.awaitSpan(
                    "trace " + fields[0],
                    one -> one.kind() == Span.SERVER && one.traceId().equals(fields[0]));
            assertThat(span.spanId()).isEqualTo(fields[1]);
            assertThat(span.path()).isEqualTo(pathsByTrace.get(fields[0]));
            assertThat(fields[2]).isEqualTo(span.name());
            assertThat(fields[3]).isEqualTo(threaded.name());
        }
    }
}
