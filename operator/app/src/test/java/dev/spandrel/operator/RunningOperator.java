package dev.spandrel.operator;

import static org.awaitility.Awaitility.await;

import dev.spandrel.contract.v1.Capability;
import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.cluster.Definitions;
import dev.spandrel.operator.inspect.Access;
import dev.spandrel.operator.inspect.Reviews;
import dev.spandrel.operator.push.FakeAgent;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operator on a real API server, with no more rights than config/base gives it, in a Kubernetes namespace of its own: kubectl on one
 * side and an agent without a kernel on the other.
 */
public final class RunningOperator implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final String namespace = "it-" + UUID.randomUUID().toString().substring(0, 8);
    private final Calls calls = new Calls();
    private final String user;
    private KubernetesClient client;
    private Parts operator;

    /** Once for all tests of a class. */
    public static void prepareCluster() {
        ApiServerRung.require();
        ApiServerRung.kubectl("", "create", "namespace", "spandrel-system"); // there from another test perhaps
        ApiServerRung.apply(Stream.of(
                        ApiServerRung.run("kustomize", "../../config/base").split("---\n"))
                .filter(document -> Stream.of("ServiceAccount", "ClusterRole", "Role", "Secret", "ConfigMap")
                        .anyMatch(kind -> document.contains("kind: " + kind)))
                .collect(Collectors.joining("---\n")));
        try (KubernetesClient admin = Clients.connect()) {
            Definitions.install(admin);
        }
    }

    RunningOperator() throws IOException {
        this("system:serviceaccount:spandrel-system:spandrel-operator");
    }

    /** With this user's rights. */
    RunningOperator(String user) throws IOException {
        this.user = user;
        ApiServerRung.run("create", "namespace", namespace);
        start();
    }

    void start() throws IOException {
        Config config = Config.autoConfigure(null);
        config.setImpersonateUsername(user);
        client = new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(Clients.serialization())
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("calls", calls))
                .build();
        operator = new Parts(
                client,
                Doors.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new Scope.Cluster(rootNamespace()),
                true,
                Optional.empty());
        operator.start();
    }

    void restart() throws IOException {
        stop();
        start();
    }

    void stop() {
        operator.close();
        client.close();
    }

    @Override
    public void close() {
        stop();
        run("delete", "pods", "--all", "--force", "--grace-period=0");
        run("delete", "tracepolicies,probesets", "--all");
        ApiServerRung.run("delete", "namespace", namespace, "--wait=false");
    }

    String namespace() {
        return namespace;
    }

    String rootNamespace() {
        return "root-" + namespace;
    }

    String node() {
        return "node-" + namespace;
    }

    /** What it has asked of the API server so far. */
    Map<Calls.Right, Calls.Call> calls() {
        return calls.made();
    }

    /** Lets something happen, and be noticed by whoever watches, while the next status is being written. */
    void whileAStatusIsWritten(Runnable what) {
        calls.beforeStatus(() -> {
            what.run();
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        });
    }

    /** Has the operator look whose token this is, and what they may, as when they ask it something. */
    void reviewed(String token) {
        new Reviews(client).deny(token, new Access.Right("get", "spandrel.dev", "tracepolicies", namespace));
    }

    /** By the operator's own count. */
    long pushes() {
        return operator.pushes();
    }

    /** By the API server's count: every status and every Event that was written, whether it changed anything or not. */
    static long writes() {
        return ApiServerRung.run("get", "--raw", "/metrics")
                .lines()
                .filter(line -> line.startsWith("apiserver_request_total{"))
                .filter(line -> line.contains("resource=\"tracepolicies\"") && line.contains("subresource=\"status\"")
                        || line.contains("group=\"events.k8s.io\"") && line.contains("verb=\"POST\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The agent of the node that all pods are on. */
    FakeAgent agent(String held) {
        return new FakeAgent(operator.port(), node(), held);
    }

    /** The same, of an agent that takes probes. */
    FakeAgent probingAgent() {
        return new FakeAgent(operator.port(), node(), "", Capability.CAPABILITY_PROBES);
    }

    /** Connected, that is: what changes from here on is told to it. */
    FakeAgent connectedAgent(String held) {
        FakeAgent agent = agent(held);
        awaitThat(() -> operator.isConnected(node()), connected -> connected);
        return agent;
    }

    /** kubectl in the namespace of this operator's test. */
    String run(String... arguments) {
        return ApiServerRung.run(
                Stream.concat(Stream.of(arguments), Stream.of("-n", namespace)).toArray(String[]::new));
    }

    void pod(String name) {
        ApiServerRung.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {app: web}}
                spec: {nodeName: %s, containers: [{name: web, image: nginx}]}
                """.formatted(name, namespace, node()));
    }

    void policy(String name, String spec) {
        policy(namespace, name, spec);
    }

    static void policy(String namespace, String name, String spec) {
        ApiServerRung.apply("""
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: %s, namespace: %s}
                spec: %s
                """.formatted(name, namespace, spec));
    }

    void probes(String name, String spec) {
        ApiServerRung.apply("""
                apiVersion: spandrel.dev/v1alpha1
                kind: ProbeSet
                metadata: {name: %s, namespace: %s}
                spec: %s
                """.formatted(name, namespace, spec));
    }

    /** What a probe set's object holds at a JSONPath. */
    interface Held {
        String path(String path);
    }

    Held probes(String name) {
        return path -> run("get", "pset", name, "-o", "jsonpath=" + path);
    }

    void awaitProbes(String name, String path, String expected) {
        awaitThat(() -> probes(name).path(path), expected::equals);
    }

    void patch(String name, String json) {
        run("patch", "tpol", name, "--type=merge", "-p", json);
    }

    void awaitProgrammed(String name) {
        run("wait", "--for=condition=Programmed", "tpol/" + name, "--timeout=20s");
    }

    String status(String name, String path) {
        return run("get", "tpol", name, "-o", "jsonpath=" + path);
    }

    void awaitStatus(String name, String path, String expected) {
        awaitThat(() -> status(name, path), expected::equals);
    }

    static <T> void awaitThat(Callable<T> look, Predicate<T> holds) {
        await().atMost(SOON).until(look, holds);
    }

    /** Type and reason of the Events about a policy, the oldest first; without those of a machine too busy to answer at once. */
    List<String> events(String policy) {
        return run(
                        "get",
                        "events.events.k8s.io",
                        "--field-selector=regarding.name=" + policy,
                        "--sort-by=.eventTime",
                        "-o",
                        "jsonpath={range .items[*]}{.type} {.reason}{\"\\n\"}{end}")
                .lines()
                .filter(event -> !event.equals("Normal NodesPending"))
                .toList();
    }
}
