package dev.spandrel.agent;

import dev.spandrel.agent.program.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line. Its form is the same for {@code ./dev agent}. */
@Command(
        name = "spandrel-agent",
        version = Options.VERSION,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        description =
                "Traces the selected workloads of this machine. Where spans and metrics go is set by the standard OTEL_EXPORTER_OTLP_* variables.")
final class Options {
    static final String VERSION = "0.1.0";
    private static final int MIN_RING = 64 * 1024;

    @Option(names = "--policies", paramLabel = "DIR", description = "Standalone: TracePolicy files, watched.")
    Optional<Path> policies = Optional.empty();

    @Option(names = "--operator", paramLabel = "HOST:PORT", description = "The configuration comes from an operator.")
    Optional<String> operator = Optional.empty();

    @Option(names = "--node", paramLabel = "NAME", description = "With --operator: name of this node in the cluster.")
    Optional<String> node = Optional.empty();

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description = "jsonl: spans as OTLP/JSON lines on standard output, instead of OTLP.")
    Optional<Output> output = Optional.empty();

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "socklen or sysexit; by default the first that this kernel can do.")
    Optional<String> backend = Optional.empty();

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Keeps the last good configuration (default: /var/lib/spandrel, else ./.spandrel).")
    Optional<Path> stateDir = Optional.empty();

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description =
                    "Where /metrics and /q/health are served (default: ${DEFAULT-VALUE}); port 0 takes a free one.")
    String http = "127.0.0.1:9464";

    @Option(
            names = "--ring-bytes",
            paramLabel = "N",
            description = "Size of the kernel's ring of records, a power of two (default: ${DEFAULT-VALUE}).")
    int ringBytes = 4 << 20;

    @Option(
            names = "--queue-bytes",
            paramLabel = "N",
            description = "Memory for spans that wait for their receiver (default: ${DEFAULT-VALUE}).")
    int queueBytes = 12 << 20;

    enum Output {
        jsonl
    }

    /** Where the configuration comes from. */
    sealed interface Origin {
        record Directory(Path path) implements Origin {}

        record Operator(String address, String node) implements Origin {}
    }

    /** Throws {@link ParameterException} where the options do not go together. */
    Origin origin(CommandLine command) {
        if (policies.isPresent() == operator.isPresent()) {
            throw new ParameterException(command, "give either --policies DIR or --operator HOST:PORT --node NAME");
        }
        if (operator.isPresent() && node.isEmpty()) {
            throw new ParameterException(command, "--operator needs --node NAME, the name of this node in the cluster");
        }
        if (policies.isPresent() && !Files.isDirectory(policies.get())) {
            throw new ParameterException(command, "--policies: " + policies.get() + " is not a directory");
        }
        if (!http.matches(".*:\\d{1,5}")) {
            throw new ParameterException(command, "--http: " + http + " is not HOST:PORT");
        }
        if (Integer.bitCount(ringBytes) != 1 || ringBytes < MIN_RING) {
            throw new ParameterException(
                    command, "--ring-bytes: " + ringBytes + " is not a power of two of at least " + MIN_RING);
        }
        return operator.<Origin>map(address -> new Origin.Operator(address, node.orElseThrow()))
                .orElseGet(() -> new Origin.Directory(policies.orElseThrow()));
    }

    Optional<Backend> backend(CommandLine command) {
        if (backend.isPresent() && Backend.of(backend.get()).isEmpty()) {
            throw new ParameterException(command, "--backend: " + backend.get() + " is neither socklen nor sysexit");
        }
        return backend.flatMap(Backend::of);
    }

    String httpHost() {
        return http.substring(0, Math.max(0, http.lastIndexOf(':')));
    }

    String httpPort() {
        return http.substring(http.lastIndexOf(':') + 1);
    }
}
