package dev.spandrel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built agent as a process of its own. */
final class RunningAgent implements AutoCloseable {
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** One span and its resource. */
    record Span(JsonObject resource, JsonObject span) {
        String attribute(String key) {
            return attribute(span, key);
        }

        String resourceAttribute(String key) {
            return attribute(resource, key);
        }

        /** Its value as text; empty where there is none. */
        private static String attribute(JsonObject holder, String key) {
            for (JsonElement element : holder.getAsJsonArray("attributes")) {
                if (element.getAsJsonObject().get("key").getAsString().equals(key)) {
                    JsonObject value = element.getAsJsonObject().getAsJsonObject("value");
                    JsonElement only = value.entrySet().iterator().next().getValue();
                    return only.isJsonPrimitive() ? only.getAsString() : only.toString();
                }
            }
            return "";
        }
    }

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
    private final List<String> logged = new ArrayList<>();
    private final String url;

    private RunningAgent(List<String> arguments) throws IOException, InterruptedException {
        assertThat(JAR).exists();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@jvm.options",
                "-jar",
                JAR.toString()));
        command.addAll(arguments);
        process = new ProcessBuilder(command).start();
        read(process.errorReader(), log);
        read(process.inputReader(), output);
        url = waitForLog("; (http://\\S+)/metrics").group(1);
    }

    static RunningAgent start(Path policies, Path state, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "--policies",
                policies.toString(),
                "--state-dir",
                state.toString(),
                "--http",
                "127.0.0.1:0",
                "--output",
                "jsonl"));
        arguments.addAll(List.of(more));
        return new RunningAgent(arguments);
    }

    private static void read(BufferedReader reader, BlockingQueue<String> lines) {
        Thread.ofVirtual().start(() -> {
            try (reader) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The next log line that holds the pattern. */
    Matcher waitForLog(String regex) throws InterruptedException {
        Pattern pattern = Pattern.compile(regex);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String line = log.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(line).as("log line with %s after %s", regex, logged).isNotNull();
            logged.add(line);
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
    }

    /** The next spans; fewer only if they do not come. */
    List<Span> spans(int count) throws InterruptedException {
        List<Span> spans = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (spans.size() < count) {
            String line = output.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                return spans;
            }
            for (JsonElement resource :
                    JsonParser.parseString(line).getAsJsonObject().getAsJsonArray("resourceSpans")) {
                JsonObject of = resource.getAsJsonObject();
                for (JsonElement scope : of.getAsJsonArray("scopeSpans")) {
                    scope.getAsJsonObject()
                            .getAsJsonArray("spans")
                            .forEach(span ->
                                    spans.add(new Span(of.getAsJsonObject("resource"), span.getAsJsonObject())));
                }
            }
        }
        return spans;
    }

    /** Lines of standard output that nobody has read. */
    int unreadOutput() {
        return output.size();
    }

    /** Sum of all samples of that name. */
    double metric(String name) throws IOException, InterruptedException {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    long residentKib() throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** What loading took is given back within seconds. */
    void waitUntil(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime() - deadline).as(what).isNegative();
            LockSupport.parkNanos(100_000_000);
        }
    }

    /** SIGTERM; how long it took to end. */
    Duration stop() throws InterruptedException {
        long before = System.nanoTime();
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS))
                .as("ends after SIGTERM")
                .isTrue();
        return Duration.ofNanos(System.nanoTime() - before);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(6, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
