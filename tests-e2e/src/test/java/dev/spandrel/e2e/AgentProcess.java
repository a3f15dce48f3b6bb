package dev.spandrel.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code ./dev agent}, with its spans read from standard output. */
final class AgentProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** What the backend socklen needs. */
    private static final boolean COMPLETION = kernelKnows("btf_trace_sock_send_length");

    private final DevProcess process;
    private final int port;
    private final ConcurrentLinkedQueue<Span> spans = new ConcurrentLinkedQueue<>();

    private AgentProcess(DevProcess process, int port) {
        this.process = process;
        this.port = port;
        Thread.ofVirtual().name("spans").start(this::read);
    }

    /** Starts the agent and waits until it is ready. State, log and port are the test's own. A backend that this kernel does not have is no failure. */
    static AgentProcess start(Path directory, String... arguments) {
        assumeTrue(
                COMPLETION || !List.of(arguments).contains("socklen"),
                "this kernel has no completion tracepoints of sockets");
        return startBy(List.of(), directory, arguments);
    }

    /** The same, with more environment. */
    static AgentProcess startWith(Map<String, String> environment, Path directory, String... arguments) {
        return startBy(List.of(), environment, directory, arguments);
    }

    /** The same, with its spans sent where the environment says. */
    static AgentProcess startExporting(Map<String, String> environment, Path directory, String... arguments) {
        return startBy(List.of(), environment, directory, Stream.of(arguments));
    }

    /** The same, started by another command. */
    static AgentProcess startBy(List<String> by, Path directory, String... arguments) {
        return startBy(by, Map.of(), directory, arguments);
    }

    private static AgentProcess startBy(
            List<String> by, Map<String, String> environment, Path directory, String... arguments) {
        return startBy(by, environment, directory, Stream.concat(Stream.of("--output", "jsonl"), Stream.of(arguments)));
    }

    private static AgentProcess startBy(
            List<String> by, Map<String, String> environment, Path directory, Stream<String> arguments) {
        int port = Ports.free();
        List<String> all = Stream.concat(
                        Stream.of("--state-dir", directory.resolve("state").toString(), "--http", "127.0.0.1:" + port),
                        arguments)
                .toList();
        AgentProcess agent = new AgentProcess(DevProcess.start(by, directory, environment, "agent", all), port);
        try {
            Await.until("agent ready; its log is in " + directory, () -> {
                agent.process.mustRun();
                return agent.get("/q/health").contains("UP");
            });
        } catch (AssertionError e) {
            agent.kill(); // nobody else has it
            throw e;
        }
        return agent;
    }

    /** The same, without an operator. */
    static AgentProcess standalone(Path directory, String backend, Policies policies) {
        return start(
                directory,
                "--backend",
                backend,
                "--policies",
                policies.directory().toString());
    }

    private static boolean kernelKnows(String type) {
        try {
            return Files.readString(Path.of("/sys/kernel/btf/vmlinux"), StandardCharsets.ISO_8859_1)
                    .contains(type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.output()) {
            for (String line; (line = lines.readLine()) != null; ) {
                Span.of(JSON.readTree(line)).forEach(spans::add);
            }
        } catch (IOException e) {
            spans.clear(); // a broken line: every wait for a span then fails with the log
        }
    }

    DevProcess process() {
        return process;
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    List<Span> spans(Predicate<Span> wanted) {
        return spans.stream().filter(wanted).toList();
    }

    void forgetSpans() {
        spans.clear();
    }

    Span awaitSpan(String what, Predicate<Span> wanted) {
        return Await.value(
                "span of " + what, () -> spans.stream().filter(wanted).findFirst());
    }

    /** Waits until the kernel decides by a newer generation than {@code generation}; returns it. */
    long awaitGenerationAfter(long generation) {
        return Await.value(
                "generation after " + generation,
                () -> Optional.of(generation()).filter(g -> g > generation));
    }

    /** Waits until the agent says that its programs are attached and decide about so many workloads. */
    void awaitSelected(int workloads) {
        Pattern said = Pattern.compile("in the kernel after .*: " + workloads + " workloads? in ");
        Await.until(
                workloads + " workloads selected",
                () -> said.matcher(log()).find() && metric("spandrel_programs_attached", "") > 0);
    }

    long generation() {
        return (long) metric("spandrel_config_generation", "");
    }

    /** Sum of all samples of a Prometheus metric whose label text contains {@code labels}. */
    double metric(String name, String labels) {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Samples other than zero whose name begins so, as text for a message. */
    List<String> metrics(String prefix) {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(prefix) && !line.endsWith(" 0"))
                .toList();
    }

    /** Everything that was lost since the agent's start, by reason; reasons without a loss are left out. */
    Map<String, Integer> lost() {
        return metrics("spandrel_lost_total").stream()
                .collect(Collectors.toMap(line -> line.replaceAll(".*spandrel_reason=\"(\\w+)\".*", "$1"), line ->
                        (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
    }

    private String get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String log() {
        return process.log();
    }

    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
