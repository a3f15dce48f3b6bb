package dev.spandrel.operator;

import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.push.FakeAgent;
import dev.spandrel.operator.replica.Terms;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** One of several operators, in a process of its own that can be killed. It says its port, and then each write to the API server. */
final class ReplicaProcess implements AutoCloseable {
    private static final Terms SHORT = new Terms(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(200));
    private static final String LEASE = "spandrel-operator";

    private final Process process;
    private final int port;
    private final List<String> said = new CopyOnWriteArrayList<>();

    private ReplicaProcess(Process process) throws IOException {
        this.process = process;
        BufferedReader output = process.inputReader();
        this.port = Integer.parseInt(output.readLine());
        Thread.ofVirtual().start(() -> output.lines().forEach(said::add));
    }

    /** @param rootNamespace of its policies */
    static ReplicaProcess start(String rootNamespace) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReplicaProcess.class.getName(),
                        rootNamespace)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        Path.of("target", "replicas.log").toFile()))
                .start();
        try {
            return new ReplicaProcess(process);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Ends when its input does, as a pod's container ends by a signal. */
    public static void main(String... arguments) throws IOException {
        Config config = Config.autoConfigure(null);
        config.setImpersonateUsername("system:serviceaccount:spandrel-system:spandrel-operator");
        try (KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(config)
                        .withKubernetesSerialization(Clients.serialization())
                        .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("said", new Saying()))
                        .build();
                Parts parts = new Parts(
                        client,
                        Doors.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        new Scope.Cluster(arguments[0]),
                        true,
                        Optional.of(new Parts.Candidacy("spandrel-system", LEASE, "127.0.0.1", SHORT)))) {
            parts.start();
            System.out.println(parts.port());
            while (System.in.read() >= 0) {}
        }
        System.exit(0); // threads of libraries are left
    }

    private static final class Saying implements Interceptor {
        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (!request.method().equals("GET") && !request.uri().getPath().contains("/leases")) {
                System.out.println(request.method() + " " + request.uri().getPath());
            }
        }
    }

    FakeAgent agent(String node) {
        return new FakeAgent(port, node, "");
    }

    /** The one of the Lease. */
    static Optional<ReplicaProcess> leader(ReplicaProcess... replicas) {
        String holder = holder();
        return List.of(replicas).stream()
                .filter(one -> holder.endsWith("_127.0.0.1:" + one.port))
                .findFirst();
    }

    static String holder() {
        return ApiServerRung.run(
                "get",
                "lease",
                LEASE,
                "-n",
                "spandrel-system",
                "--ignore-not-found",
                "-o",
                "jsonpath={.spec.holderIdentity}");
    }

    /** What it wrote of a policy: its status, and Kubernetes Events about it. */
    List<String> writes(String namespace) {
        return said.stream()
                .filter(line -> line.contains("/" + namespace + "/"))
                .toList();
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** As a container's end: it has time to say good-bye. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }
}
