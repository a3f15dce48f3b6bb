package dev.spandrel.e2e;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** {@code ./dev agent} as a process of its own, with its spans read from standard output. */
final class AgentProcess implements AutoCloseable {
    static final Path ROOT =
            Path.of(System.getProperty("spandrel.root", "..")).toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path log;
    private final int port;
    private final ConcurrentLinkedQueue<Span> spans = new ConcurrentLinkedQueue<>();

    private AgentProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
        Thread.ofVirtual().name("spans").start(this::read);
    }

    /** Starts the agent and waits until it is ready. State, log and port are the test's own. */
    static AgentProcess start(Path directory, String... arguments) {
        try {
            int port = Ports.free();
            Path log = directory.resolve("agent.log");
            List<String> command = new ArrayList<>(List.of(
                    ROOT.resolve("dev").toString(),
                    "agent",
                    "--output",
                    "jsonl",
                    "--state-dir",
                    directory.resolve("state").toString(),
                    "--http",
                    "127.0.0.1:" + port));
            command.addAll(List.of(arguments));
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            AgentProcess agent = new AgentProcess(builder.start(), log, port);
            Await.until(
                    "agent ready; its log:\n" + log,
                    () -> agent.get("/q/health").contains("UP") || agent.ended());
            return agent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean ended() {
        if (!process.isAlive()) {
            throw new AssertionError("the agent ended:\n" + log());
        }
        return false;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line; (line = lines.readLine()) != null; ) {
                Span.of(JSON.readTree(line)).forEach(spans::add);
            }
        } catch (IOException e) {
            spans.clear(); // a broken line: every wait for a span then fails with the log
        }
    }

    /** Process ids of the agent and of what it was started through. */
    LongStream processTree() {
        return LongStream.concat(
                LongStream.of(process.pid()), process.descendants().mapToLong(ProcessHandle::pid));
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
                "span of " + what + "; agent log: " + log,
                () -> spans.stream().filter(wanted).findFirst());
    }

    /** Waits until the kernel decides by a newer generation than {@code generation}; returns it. */
    long awaitGenerationAfter(long generation) {
        return Await.value(
                "generation after " + generation,
                () -> Optional.of(generation()).filter(g -> g > generation));
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
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("SIGTERM did not end the agent within 5 s:\n" + log());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
