package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.BUILT;
import static dev.spandrel.e2e.ServerAndClients.PROGRAMS;
import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static dev.spandrel.e2e.ServerAndClients.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.KeyValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients of every protocol say in secret, and Wireshark finds on the wire, is in nothing that leaves a node: not in spans, metrics, log records and profiles as
 * their receiver has them, and not in what agent, operator and command-line tool serve, write and show. Unless a policy asks for the one header that has it.
 */
final class SecretsE2E {
    private static final Set<String> SPOKEN = Set.of(
            "http.request.method",
            "rpc.method",
            "dns.question.name",
            "postgresql",
            "mariadb",
            "redis",
            "memcached",
            "mongodb",
            "cassandra",
            "kafka",
            "rabbitmq",
            "mqtt",
            "nats");

    private final OtlpSink sink = new OtlpSink();
    private OneNode node;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        sink.lookFor(SECRET);
        node = OneNode.exporting(directory, "shop", sink.environment());
    }

    @AfterEach
    void stop() {
        node.close();
        sink.close();
    }

    @Test
    void noneLeavesTheNode() throws Exception {
        node.apply("percent: 100");
        probe();
        assertThat(planted()).contains("authorization: in ", "token: in ", "password of PLAIN: in ");
        Await.before(() -> spoken(SPOKEN).containsAll(SPOKEN));
        assertThat(spoken(SPOKEN)).containsAll(SPOKEN);
        Await.until(
                "records of probes",
                () -> !sink.logs().isEmpty() && !sink.profiles().isEmpty());
        for (String metric : List.of("http.server.request.duration", "db.client.operation.duration"))
            Await.until(metric, () -> !sink.metrics(metric).isEmpty());
        assertThat(sink.found()).isEmpty();
        assertThat(said()).doesNotContain(SECRET);

        askForIt();
        planted("--protocols", "http");
        Await.until("what was asked for", () -> !sink.found().isEmpty());
        assertThat(sink.found()).allSatisfy(request -> assertThat(request).startsWith("/v1/traces"));
    }

    /** Bodies that are read for their names: variables, literals, parameters, results and messages of errors stay where they are. */
    @Test
    void noneOfABodyLeavesTheNode() throws Exception {
        node.applyAll("""
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: shop, namespace: %s}
                spec:
                  podSelector: {matchLabels: {app: shop}}
                  protocols: [HTTP, GRAPHQL, JSONRPC]
                  sampling: {percent: 100}
                """.formatted(node.namespace()));
        node.awaitProgrammed();
        for (String kind : List.of("graphql", "jsonrpc")) {
            int port = Ports.free();
            run(kind + "-server", PYTHON, kind + "/server.py", "" + port);
            Ports.awaitListening(port);
            assertThat(run(kind, PYTHON, kind + "/client.py", "" + port).waitFor())
                    .isZero();
            int other = Ports.free();
            run(kind + "-go-server", BUILT + "/" + kind, "server", "" + other);
            Ports.awaitListening(other);
            assertThat(run(kind + "-go", BUILT + "/" + kind, "client", "" + other)
                            .waitFor())
                    .isZero();
        }
        Set<String> named = Set.of("graphql.operation.name", "rpc.method", "rpc.response.status_code");
        Await.before(() -> spoken(named).containsAll(named));
        assertThat(spoken(named)).containsAll(named);
        Await.until(
                "figures of calls",
                () -> !sink.metrics("rpc.server.call.duration").isEmpty());
        assertThat(sink.found()).isEmpty();
        assertThat(said()).doesNotContain(SECRET);
    }

    private Process run(String name, String... command) {
        return node.pod()
                .container()
                .start(PROGRAMS, Optional.empty(), directory.resolve(name + ".out"), List.of(command));
    }

    /** Records and stacks of who connects, each with the span that it belongs to. */
    private void probe() {
        node.applyAll("""
                apiVersion: spandrel.dev/v1alpha1
                kind: ProbeSet
                metadata: {name: connects, namespace: %s}
                spec:
                  podSelector: {matchLabels: {app: shop}}
                  probes:
                  - name: connects
                    program: |
                      tracepoint:syscalls:sys_enter_connect {
                        printf("%%s connects while %%s", comm, span_name());
                        @stacks[ustack, comm] = count();
                        @routes[route()] = count();
                      }
                """.formatted(node.namespace()));
        node.kubectl("wait", "--for=condition=Ready", "pset/connects", "--timeout=60s");
    }

    private void askForIt() {
        node.applyAll("""
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: shop, namespace: %s}
                spec:
                  podSelector: {matchLabels: {app: shop}}
                  sampling: {percent: 100}
                  spans: {attributes: {requestHeaders: [x-tenant-id]}}
                """.formatted(node.namespace()));
        Await.until(
                "it is in the kernel",
                () -> node.spandrel()
                        .run("explain", "pod/" + node.pod().name(), "-n", node.namespace())
                        .output()
                        .contains("x-tenant-id"));
    }

    /** What the clients planted and Wireshark found: fails where it did not find one. */
    private String planted(String... options) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        Stream.of(
                                "python3",
                                "-m",
                                "oracle.planted",
                                node.pod().container().directory().toString()),
                        Stream.of(options))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("PYTHONPATH", Checkout.ROOT.resolve("tests-e2e").toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process run = builder.start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(said).isZero();
        return said;
    }

    /** By what spans have, a name of an attribute or a system. */
    private Set<String> spoken(Set<String> wanted) {
        return sink.spans().stream()
                .flatMap(span -> span.getAttributesList().stream())
                .flatMap(attribute -> Stream.of(attribute.getKey(), text(attribute)))
                .filter(wanted::contains)
                .collect(Collectors.toSet());
    }

    private static String text(KeyValue attribute) {
        return attribute.getValue().getStringValue();
    }

    /** All but OTLP: what is served, written for people, kept on disk and shown. */
    private String said() {
        Spandrel spandrel = node.spandrel();
        return String.join("\n", node.agent().metrics(""))
                + node.agent().log()
                + node.operator().log()
                + kept()
                + spandrel.run("status", "-n", node.namespace(), "-o", "json")
                + spandrel.run("explain", "pod/" + node.pod().name(), "-n", node.namespace(), "-o", "json")
                + node.kubectl("get", "tracepolicies,probesets,pods,events", "-o", "yaml");
    }

    private String kept() {
        try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile).toList())
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
