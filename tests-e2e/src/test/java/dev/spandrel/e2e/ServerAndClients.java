package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A real server and its clients, programs of {@code tests-e2e/programs}, each in a cgroup of its own; {@link #trace} starts an agent that traces each in its role, and
 * has the clients do what they do. A client that is there {@linkplain #midway midway} has said that it is connected before the agent starts.
 */
final class ServerAndClients implements AutoCloseable {
    static final Path PROGRAMS = Checkout.ROOT.resolve("tests-e2e/programs");
    static final String BUILT = Checkout.ROOT.resolve(".spandrel/programs").toString();
    static final String PYTHON = BUILT + "/python/bin/python";
    static final String JAVA = ProcessHandle.current().info().command().orElseThrow();
    /** In the values that clients send: it is in nothing that is exported. */
    static final String SECRET = "s3cr3t";

    private static final List<String> IDLE = List.of("sleep", "600");

    private final TestCgroup server;
    private final boolean shared;
    private final int port;
    private final Path directory;
    private final Policies policies;
    private final List<TestCgroup> others = new ArrayList<>();
    private final Map<String, TestCgroup> cgroups = new LinkedHashMap<>();
    private final Map<String, List<String>> clients = new LinkedHashMap<>();
    private final Map<String, Talk> talks = new LinkedHashMap<>();
    private final List<String> said = new ArrayList<>();
    private String clientsAsk = "";
    private String serverAsks = "";

    private ServerAndClients(TestCgroup server, boolean shared, int port, Path directory) {
        this.server = server;
        this.shared = shared;
        this.port = port;
        this.directory = directory;
        this.policies = Policies.in(directory);
    }

    /** What is written goes into the directory. */
    static ServerAndClients in(Path directory, String name) {
        try {
            // Many servers give up being root, and have to come to their files.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ServerAndClients(TestCgroup.make(name), false, Ports.free(), directory);
    }

    /** With a server that others have, too. */
    static ServerAndClients of(TestCgroup server, int port, Path directory) {
        return new ServerAndClients(server, true, port, directory);
    }

    /** The server's own. */
    String port() {
        return "" + port;
    }

    /** The clients' policies name these protocols; the server's names none. */
    void clientsAskFor(String... protocols) {
        clientsAsk = "\nprotocols: [" + String.join(", ", protocols) + "]";
    }

    /** All policies name these protocols. */
    void allAskFor(String... protocols) {
        clientsAskFor(protocols);
        serverAsks = clientsAsk;
    }

    /** Starts the server and waits until it listens. */
    void serve(String... command) {
        run(server, "server", command);
        Ports.awaitListening(port);
    }

    /** Runs a command beside the server to its end. */
    void prepare(String... command) throws InterruptedException {
        assertThat(run(server, "server", command).waitFor())
                .as(String.join(" ", command))
                .isZero();
    }

    /** Runs a program that is not traced, and waits until it listens. */
    void beside(String name, int itsPort, String... command) {
        TestCgroup cgroup = TestCgroup.make(name);
        others.add(cgroup);
        run(cgroup, name, command);
        Ports.awaitListening(itsPort);
    }

    void client(String name, String... command) {
        heldClient(name, IDLE, command);
    }

    /** With something that runs in its cgroup from before the agent's start, as a pod's first process would. */
    void heldClient(String name, List<String> holder, String... command) {
        run(cgroup(name), "idle", holder.toArray(String[]::new));
        clients.put(name, List.of(command));
    }

    /** Starts a client now, waits until it says that it is connected, and lets it go on when the agent is there. */
    void midway(String name, String... command) {
        List<String> inside = new ArrayList<>(List.of("env", "MIDWAY=on"));
        inside.addAll(List.of(command));
        Talk talk = Talk.with(cgroup(name).converse(PROGRAMS, inside));
        talk.await("connected");
        talks.put(name, talk);
    }

    /** Starts the agent, to be closed by the caller, and has all clients end well. */
    AgentProcess trace(String backend) throws InterruptedException {
        return trace(backend, _ -> {});
    }

    /** The same, with something to wait for before the clients begin. */
    AgentProcess trace(String backend, Consumer<AgentProcess> ready) throws InterruptedException {
        policies.write("server", server, "roles: [Server]" + serverAsks);
        cgroups.forEach((name, cgroup) -> policies.write(name, cgroup, "roles: [Client]" + clientsAsk));
        AgentProcess agent = AgentProcess.start(
                directory,
                "--backend",
                backend,
                "--policies",
                policies.directory().toString(),
                "--ring-bytes", // so many exchanges in so short a time, beside other tests
                "33554432");
        try {
            agent.awaitSelected(1 + cgroups.size());
            ready.accept(agent);
            for (var client : clients.entrySet()) {
                String name = client.getKey();
                Process process = run(cgroups.get(name), name, client.getValue().toArray(String[]::new));
                assertThat(process.waitFor()).as(name + "; see " + log(name)).isZero();
            }
            talks.values().forEach(talk -> said.addAll(talk.goOn()));
            return agent;
        } catch (Throwable e) {
            agent.close();
            throw e;
        }
    }

    /** What the midway clients said after they went on. */
    List<String> said() {
        return List.copyOf(said);
    }

    /** Both ends' spans, each against what is true: a line for each difference. */
    static List<String> differences(AgentProcess agent, List<String> real, Function<Span, String> line) {
        List<String> differences = new ArrayList<>();
        for (boolean ofServer : List.of(true, false)) {
            differences.addAll(Differences.of(
                    "what is real, and the spans of the " + (ofServer ? "server" : "clients"),
                    real,
                    agent.spans(span -> (span.kind() == Span.SERVER) == ofServer).stream()
                            .map(line)
                            .toList()));
        }
        return differences;
    }

    /** What a client has written, or the "server". */
    List<String> lines(String name) {
        try {
            return Files.readAllLines(log(name), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log(String name) {
        return directory.resolve(name + ".out");
    }

    private TestCgroup cgroup(String name) {
        return cgroups.computeIfAbsent(name, TestCgroup::make);
    }

    private Process run(TestCgroup cgroup, String name, String... command) {
        return cgroup.start(PROGRAMS, Optional.empty(), log(name), List.of(command));
    }

    @Override
    public void close() {
        cgroups.values().forEach(TestCgroup::close);
        others.forEach(TestCgroup::close);
        if (!shared) {
            server.close();
        }
    }
}
