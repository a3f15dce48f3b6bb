package dev.spandrel.agent;

import dev.spandrel.agent.control.OperatorAddress;
import dev.spandrel.agent.control.StateFile;
import dev.spandrel.agent.control.Turn;
import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.MapSizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command line. Its form is the same for {@code ./dev agent}. Read by hand: a library for ten options took a tenth of the agent's start.
 *
 * @param pins where the programs are pinned, in a BPF file system
 * @param ringBytes of the kernel's ring of records, a power of two
 * @param maps of the kernel, that are to be of other sizes
 * @param queueBytes of the queue of spans that wait for their receiver
 */
record Options(
        Origin origin,
        Optional<Backend> backend,
        boolean json,
        Optional<Path> stateDir,
        Optional<Path> pins,
        String httpHost,
        String httpPort,
        int ringBytes,
        MapSizes maps,
        int queueBytes) {
    static final String VERSION = "0.1.0";
    static final String HELP = """
            Usage: spandrel-agent (--policies DIR | --operator HOST:PORT --node NAME) [OPTION]…
                   spandrel-agent doctor [--output json]     What works on this machine, and at what cost.
            Traces the selected workloads of this machine. Where spans and metrics go is set by the standard
            OTEL_EXPORTER_OTLP_* variables.
              --policies DIR         Standalone: TracePolicy files, watched.
              --operator HOST:PORT   The configuration comes from an operator.
              --node NAME            With --operator: name of this node in the cluster.
              --off-after SECONDS    With --operator: trace nothing once no operator has been there for so long; by
                                     default what held last holds on.
              --identity DIR         With --operator: ca.crt, whom to trust, and token, who this is (default:
                                     /var/run/secrets/spandrel; without it only an operator on a loopback address).
              --output FORMAT        jsonl: spans as OTLP/JSON lines on standard output, instead of OTLP.
              --backend NAME         socklen or sysexit; by default the first that this kernel can do.
              --state-dir DIR        Keeps the last good configuration (default: /var/lib/spandrel, else ./.spandrel).
              --pin DIR              Keeps the programs in DIR, of a BPF file system: they are at work while the agent is
                                     not, and the next agent goes on where this one ended.
                                     For one agent, or those of one --state-dir, which take turns.
              --http HOST:PORT       Where /metrics and /q/health are served (default: 127.0.0.1:9464); port 0 takes
                                     a free one.
              --ring-bytes N         Size of the kernel's ring of records, a power of two (default: 4194304).
              --map-entries NAME=N,… Room in maps of the kernel, each up to 16777216: requests, waiting, pipeline, carry,
                                     goroutines, handed; sessions and carriers (TLS); with sysexit conns and
                                     config, too.
              --queue-bytes N        Memory for spans that wait for their receiver (default: 12582912).
              -h, --help             This text; after doctor, that command's.
              -V, --version          The version.
            Exit codes: 0 ended as asked; 1 failed; 2 wrong options; 3 nothing can be traced on this machine.""";

    private static final Set<String> NAMES = Set.of(
            "--policies",
            "--operator",
            "--node",
            "--off-after",
            "--identity",
            "--output",
            "--backend",
            "--state-dir",
            "--pin",
            "--http",
            "--ring-bytes",
            "--map-entries",
            "--queue-bytes");
    private static final int MIN_RING = 64 * 1024;
    private static final int MOST_ENTRIES = 16 << 20;
    private static final Pattern MAP_SIZE = Pattern.compile("(\\w+)=(\\d{1,9})");

    /** Where the configuration comes from. */
    sealed interface Origin {
        record Directory(Path path) implements Origin {}

        /** `offAfter`: nothing is traced once no operator has been there for so long; absent: what held last holds on. */
        record Operator(OperatorAddress address, String node, Optional<Duration> offAfter) implements Origin {}
    }

    /** The message is for the person at the command line. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    /** Values as {@code --name VALUE} or {@code --name=VALUE}. Throws {@link UsageException} where options are wrong or do not go together. */
    static Options parse(String... arguments) {
        Map<String, String> given = given(arguments);
        String http = given.getOrDefault("--http", "127.0.0.1:9464");
        check(http.matches(".*:\\d{1,5}"), "--http: " + http + " is not HOST:PORT");
        int colon = http.lastIndexOf(':');
        int ring = number(given, "--ring-bytes", 4 << 20);
        check(
                Integer.bitCount(ring) == 1 && ring >= MIN_RING,
                "--ring-bytes: " + ring + " is not a power of two of at least " + MIN_RING);
        String output = given.getOrDefault("--output", "jsonl");
        check(output.equals("jsonl"), "--output: " + output + " is not jsonl");
        return new Options(
                origin(given),
                Optional.ofNullable(given.get("--backend")).map(Options::backend),
                given.containsKey("--output"),
                Optional.ofNullable(given.get("--state-dir")).map(Path::of),
                Optional.ofNullable(given.get("--pin")).map(Options::pins),
                http.substring(0, colon),
                http.substring(colon + 1),
                ring,
                Optional.ofNullable(given.get("--map-entries"))
                        .map(Options::maps)
                        .orElse(MapSizes.AS_BUILT),
                number(given, "--queue-bytes", 12 << 20));
    }

    /** This machine's name in the cluster, where an operator knows it by one. */
    Optional<String> node() {
        return origin instanceof Origin.Operator operator ? Optional.of(operator.node()) : Optional.empty();
    }

    MapSizes sizes() {
        return maps.withRing(ringBytes);
    }

    StateFile state() {
        return stateDir.map(StateFile::new).orElseGet(StateFile::standard);
    }

    /** Agents that read files may be many on a machine, unless they share what is pinned. */
    Turn turn() {
        return node().or(() -> pins.map(directory -> "pinned"))
                .map(name -> Turn.of(state().directory(), name))
                .orElse(Turn.ALONE);
    }

    private static Map<String, String> given(String... arguments) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            String name = equals < 0 ? arguments[i] : arguments[i].substring(0, equals);
            check(NAMES.contains(name), name + " is no option");
            check(equals >= 0 || i + 1 < arguments.length, name + " needs a value");
            String value = equals >= 0 ? arguments[i].substring(equals + 1) : arguments[++i];
            check(given.put(name, value) == null, name + " is given twice");
        }
        return given;
    }

    private static OperatorAddress address(String operator, Map<String, String> given) {
        try {
            return OperatorAddress.of(
                    operator, Optional.ofNullable(given.get("--identity")).map(Path::of));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--operator: " + e.getMessage());
        }
    }

    private static Origin origin(Map<String, String> given) {
        String policies = given.get("--policies");
        String operator = given.get("--operator");
        check(
                (policies == null) != (operator == null),
                "give either --policies DIR or --operator HOST:PORT --node NAME");
        if (operator != null) {
            check(given.containsKey("--node"), "--operator needs --node NAME, the name of this node in the cluster");
            return new Origin.Operator(address(operator, given), given.getOrDefault("--node", ""), offAfter(given));
        }
        Path directory = Path.of(String.valueOf(policies));
        check(Files.isDirectory(directory), "--policies: " + directory + " is not a directory");
        return new Origin.Directory(directory);
    }

    private static Optional<Duration> offAfter(Map<String, String> given) {
        String seconds = given.get("--off-after");
        check(
                seconds == null || seconds.matches("[1-9]\\d{0,6}"),
                "--off-after: " + seconds + " is not a number of seconds");
        return Optional.ofNullable(seconds).map(Long::parseLong).map(Duration::ofSeconds);
    }

    private static Backend backend(String name) {
        return Backend.of(name)
                .orElseThrow(() -> new UsageException("--backend: " + name + " is neither socklen nor sysexit"));
    }

    private static MapSizes maps(String sizes) {
        Map<String, Integer> entries = new HashMap<>();
        for (String one : sizes.split(",")) {
            Matcher size = MAP_SIZE.matcher(one);
            check(size.matches(), "--map-entries: " + one + " is not NAME=N, N up to " + MOST_ENTRIES);
            check(
                    MapSizes.HASHES.contains(size.group(1)),
                    "--map-entries: " + size.group(1) + " is none of " + new TreeSet<>(MapSizes.HASHES));
            int most = Integer.parseInt(size.group(2));
            check(
                    most > 0 && most <= MOST_ENTRIES,
                    "--map-entries: " + one + " is not NAME=N, N up to " + MOST_ENTRIES);
            check(entries.put(size.group(1), most) == null, "--map-entries: " + size.group(1) + " is given twice");
        }
        return new MapSizes(entries);
    }

    private static Path pins(String directory) {
        Path path = Path.of(directory).toAbsolutePath();
        try {
            check(
                    Files.isDirectory(path) && Files.getFileStore(path).type().equals("bpf"),
                    "--pin: " + directory + " is no directory of a BPF file system (mount -t bpf bpf DIR makes one)");
        } catch (IOException e) {
            throw new UsageException("--pin: " + e.getMessage());
        }
        return path;
    }

    private static int number(Map<String, String> given, String name, int otherwise) {
        String value = given.get(name);
        if (value == null) {
            return otherwise;
        }
        check(value.matches("\\d{1,9}"), name + ": " + value + " is not a number of bytes");
        return Integer.parseInt(value);
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new UsageException(message);
        }
    }
}
