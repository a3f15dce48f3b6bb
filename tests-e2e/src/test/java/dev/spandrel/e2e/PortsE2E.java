package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two servers and a client in one cgroup, and policies that name ports: of a server its own, of a client the one it talks to. */
@Tag(OtherKernel.TAG)
final class PortsE2E {
    private final TestCgroup cgroup = TestCgroup.make("ports");
    private final int one = Ports.free();
    private final int other = Ports.free();
    private int step;

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        cgroup.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void onlyTheNamedPortsAreTracedAndCounted(String backend) {
        for (int port : new int[] {one, other}) {
            cgroup.start(
                    directory.resolve(port + ".out"),
                    List.of("python3", Checkout.server("answers.py").toString(), "" + port));
            Ports.awaitListening(port);
        }
        Policies policies = Policies.in(directory);
        policies.write("ports", cgroup, "sampling: {percent: 100}\n");
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies);
                HttpClient client = HttpClient.newHttpClient()) {
            agent.awaitSelected(1);
            Trial trial = new Trial(agent, policies, client);

            trial.expect("ports: [{port: %d}]".formatted(one), Set.of(one));
            trial.expect("ports: [{port: %d}]".formatted(other), Set.of(other));
            trial.expect("ports: [{port: 1, endPort: 65535}]", Set.of(one, other));
            trial.expect("ports: [{port: 1}, {port: 2}, {port: %d}]\nroles: [Client]".formatted(one), Set.of(one));
            trial.expect("roles: [Server]", Set.of(one, other));
        }
    }

    private final class Trial {
        private final AgentProcess agent;
        private final Policies policies;
        private final HttpClient client;
        private long counted;

        Trial(AgentProcess agent, Policies policies, HttpClient client) {
            this.agent = agent;
            this.policies = policies;
            this.client = client;
        }

        /** Requests from inside and, on connections that stay open, from outside; spans are told by their role and the port in their path. */
        void expect(String spec, Set<Integer> ports) {
            step++;
            long before = agent.generation();
            policies.write("ports", cgroup, "sampling: {percent: 100}\n" + spec + "\n");
            agent.awaitGenerationAfter(before);
            agent.forgetSpans();
            Set<String> expected = new TreeSet<>();
            for (int port : new int[] {one, other}) {
                String path = "/200/0/" + step + "-" + port;
                outside(port, path + "-outside");
                inside(port, path + "-inside");
                if (ports.contains(port) && !spec.contains("Client")) {
                    expected.add("SERVER " + path + "-outside");
                    expected.add("SERVER " + path + "-inside");
                }
                if (ports.contains(port) && !spec.contains("Server")) {
                    expected.add("CLIENT " + path + "-inside");
                }
            }
            Await.until(spec + ": " + expected, () -> spans().containsAll(expected));
            assertThat(spans()).as(spec).isEqualTo(expected);
            counted += expected.size();
            Await.until("counted as traced", () -> count() >= counted);
            assertThat(count()).isEqualTo(counted);
        }

        private long count() {
            return (long) (agent.metric("http_server_request_duration_seconds_count", "")
                    + agent.metric("http_client_request_duration_seconds_count", ""));
        }

        private Set<String> spans() {
            return agent.spans().stream()
                    .map(span -> (span.kind() == Span.SERVER ? "SERVER " : "CLIENT ") + span.path())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private void outside(int port, String path) {
            try {
                client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .version(HttpClient.Version.HTTP_1_1)
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(path, e);
            }
        }

        private void inside(int port, String path) {
            try {
                int code = cgroup.start(
                                directory.resolve("curl.out"),
                                List.of("curl", "-sf", "http://127.0.0.1:" + port + path))
                        .waitFor();
                assertThat(code).as(path).isZero();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
