package dev.spandrel.e2e;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** An operator on a real API server, one node's agent, and one pod of an app on that node, in a Kubernetes namespace of the test's own. */
final class OneNode implements AutoCloseable {
    private static final String NODE = "node-1";

    private final Path directory;
    private final String app;
    private final Map<String, String> environment;
    private final boolean spansToo;
    private final Kubectl cluster = Kubectl.fromEnvironment();
    private final String namespace = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
    private final int operatorPort = Ports.free();
    private final PodFixture pod;
    private DevProcess operator;
    private AgentProcess agent;

    /** Starts all of it; the agent has no policy yet. */
    OneNode(Path directory, String app) {
        this(directory, app, Map.of());
    }

    /** @param environment of the agent */
    OneNode(Path directory, String app, Map<String, String> environment) {
        this(directory, app, environment, false);
    }

    /** One whose agent sends also its spans where the environment says. */
    static OneNode exporting(Path directory, String app, Map<String, String> environment) {
        return new OneNode(directory, app, environment, true);
    }

    private OneNode(Path directory, String app, Map<String, String> environment, boolean spansToo) {
        this.directory = directory;
        this.app = app;
        this.environment = environment;
        this.spansToo = spansToo;
        cluster.run("create", "namespace", namespace);
        startOperator();
        pod = PodFixture.create(cluster, namespace, NODE, app);
        startAgent();
    }

    /** Applies the app's policy, named like it, and waits until it is in the kernel. */
    void apply(String sampling) {
        cluster.apply("""
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: %1$s, namespace: %2$s}
                spec: {podSelector: {matchLabels: {app: %1$s}}, sampling: {%3$s}}
                """.formatted(app, namespace, sampling));
        awaitProgrammed();
    }

    /** One more pod of the app, on the node but in another Kubernetes namespace. */
    PodFixture elsewhere(String other) {
        return PodFixture.create(cluster, other, NODE, app);
    }

    /** The command-line tool, asking this operator. */
    Spandrel spandrel() {
        return new Spandrel(cluster, operatorPort);
    }

    /** Policies of any Kubernetes namespace. */
    void applyAll(String yaml) {
        cluster.apply(yaml);
    }

    /** It may be there already. */
    void tryCreateNamespace(String name) {
        cluster.tryRun("", "create", "namespace", name);
    }

    void deletePolicy(String namespace, String name) {
        cluster.run("delete", "tracepolicy", name, "-n", namespace, "--ignore-not-found");
    }

    /** Longer than the Lease of an operator that was killed, which another has to wait for before it writes a status. */
    void awaitProgrammed() {
        kubectl("wait", "--for=condition=Programmed", "tracepolicy/" + app, "--timeout=60s");
    }

    /** Waits until the agent says that it has connected so many times. */
    void awaitConnections(int times) {
        Await.until(
                times + " connections of the agent",
                () -> agent.log()
                                .lines()
                                .filter(line -> line.contains("connected to operator"))
                                .count()
                        >= times);
    }

    /** kubectl in the test's Kubernetes namespace. */
    String kubectl(String... arguments) {
        return cluster.run(inNamespace(arguments));
    }

    String namespace() {
        return namespace;
    }

    PodFixture pod() {
        return pod;
    }

    AgentProcess agent() {
        return agent;
    }

    void killOperator() {
        operator.kill();
    }

    void startOperator(String... options) {
        startOperator(cluster, options);
    }

    /** One that reaches the API server by a way of its own. */
    void startOperator(Kubectl way, String... options) {
        operator = OperatorProcess.start(directory, way, operatorPort, options);
    }

    DevProcess operator() {
        return operator;
    }

    void killAgent() {
        agent.kill();
    }

    void startAgent(String... options) {
        String[] all = Stream.concat(
                        Stream.of("--operator", "127.0.0.1:" + operatorPort, "--node", NODE), Stream.of(options))
                .toArray(String[]::new);
        agent = spansToo
                ? AgentProcess.startExporting(environment, directory, all)
                : AgentProcess.startWith(environment, directory, all);
    }

    private String[] inNamespace(String... arguments) {
        return Stream.concat(Stream.of(arguments), Stream.of("-n", namespace)).toArray(String[]::new);
    }

    @Override
    public void close() {
        cluster.tryRun("", inNamespace("delete", "tracepolicies,probesets", "--all"));
        pod.close();
        agent.close();
        operator.close();
        cluster.run("delete", "namespace", namespace, "--wait=false");
    }
}
