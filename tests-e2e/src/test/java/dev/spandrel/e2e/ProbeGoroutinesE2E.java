package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a probe says of the request that a goroutine is answering: it stands on a function of a Go server that is called once for each request with the request's id, under
 * concurrent load, so that threads serve many goroutines in turns.
 */
final class ProbeGoroutinesE2E {
    private static final int REQUESTS = 400;
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    private final TestCgroup relay = TestCgroup.make("relay");
    private final TestCgroup leaf = TestCgroup.make("leaf");
    private final Map<String, String> traceById = new ConcurrentHashMap<>();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        List.of(relay, leaf).forEach(TestCgroup::close);
    }

    @Test
    void namesTheRequestThatTheGoroutineAnswers() throws Exception {
        int leafPort = Ports.free();
        int port = Ports.free();
        serve(leaf, "" + leafPort);
        serve(relay, "" + port, "" + leafPort);
        List.of(leafPort, port).forEach(Ports::awaitListening);
        Policies policies = Policies.in(directory);
        policies.write("relay", relay, "sampling: {percent: 100}\n");
        try (AgentProcess agent =
                AgentProcess.start(directory, "--policies", policies.directory().toString())) {
            agent.awaitSelected(1);
            String pid = "" + agent.process().tree().findFirst().orElseThrow();
            try (DevProcess probe = DevProcess.start(
                    directory, Map.of(), "spandrel", List.of("probe", "run", "--agent", pid, "-e", program()))) {
                BufferedReader output = probe.output();
                assertThat(output.readLine()).as(probe.log()).startsWith("Attaching");
                assertThat(output.readLine()).isEqualTo("attached");
                load(port);
                List<String[]> said = new ArrayList<>();
                while (said.size() < REQUESTS) {
                    String line = output.readLine();
                    if (!line.equals("attached")) said.add(line.split(" "));
                }
                check(agent, said);
            }
        }
    }

    /** The second argument, a string, is in two registers. */
    private static String program() {
        return """
                uprobe:%s/go:main.handOnDirectly {
                    printf("%%s %%s %%s %%s %%s\\n", str(reg("%s"), reg("%s")), trace_id(), span_id(), span_name(), route());
                }
                interval:s:1 { printf("attached\\n"); }
                """.formatted(ServerAndClients.BUILT, ARM ? "r2" : "cx", ARM ? "r3" : "di");
    }

    private void check(AgentProcess agent, List<String[]> said) {
        assertThat(said).hasSize(REQUESTS).allSatisfy(fields -> {
            assertThat(fields).as(String.join(" ", fields)).hasSize(5);
            assertThat(fields[1]).isEqualTo(traceById.get(fields[0]));
            assertThat(fields[3]).isEqualTo("GET");
            assertThat(fields[4]).isEqualTo("/r/" + fields[0]);
        });
        for (String[] fields : said.subList(0, 20)) {
            Span span = agent.awaitSpan(
                    "trace " + fields[1],
                    one -> one.kind() == Span.SERVER && one.traceId().equals(fields[1]));
            assertThat(span.spanId()).isEqualTo(fields[2]);
        }
    }

    private void serve(TestCgroup cgroup, String... arguments) {
        var command = new ArrayList<>(List.of("env", "TLS=", ServerAndClients.BUILT + "/go", "relay"));
        command.addAll(List.of(arguments));
        cgroup.start(directory.resolve(cgroup.name() + ".out"), command);
    }

    /** 32 at once, each with a trace of its own. */
    private void load(int port) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var threads = Executors.newFixedThreadPool(32)) {
            List<Future<?>> asked = IntStream.range(0, REQUESTS)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> ask(client, port, "direct-" + i)))
                    .toList();
            for (Future<?> one : asked) {
                one.get();
            }
        }
    }

    private int ask(HttpClient client, int port, String id) throws Exception {
        String traceparent = ParentsE2E.traceparent();
        traceById.put(id, traceparent.substring(3, 35));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/r/" + id))
                .header("traceparent", traceparent)
                .build();
        int status = client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        assertThat(status).isEqualTo(200);
        return status;
    }
}
