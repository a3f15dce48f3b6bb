package dev.spandrel.operator;

import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.push.FakeAgent;
import dev.spandrel.operator.replica.Terms;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import picocli.CommandLine;

/** The operator behind a guarded door, as in a cluster: its own authority, tokens of pods, and the rights of config/base. */
final class GuardedOperator implements AutoCloseable {
    static final String NAMESPACE = "spandrel-system";
    static final String AUDIENCE = "spandrel-operator";

    private static final MeterRegistry COUNTED = new SimpleMeterRegistry();

    static {
        Metrics.addRegistry(COUNTED);
    }

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final Calls calls = new Calls();
    private final KubernetesClient client;
    private final Parts operator;
    private volatile Duration ahead = Duration.ZERO;

    GuardedOperator() throws IOException {
        Config config = Config.autoConfigure(null);
        config.setImpersonateUsername("system:serviceaccount:spandrel-system:spandrel-operator");
        client = new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(Clients.serialization())
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("calls", calls))
                .build();
        Options options = new Options();
        new CommandLine(options)
                .parseArgs("--listen=127.0.0.1:0", "--secure", "--inspect=127.0.0.1:0", "--namespace=" + NAMESPACE);
        InstantSource clock = () -> Instant.now().plus(ahead);
        operator = new Parts(
                client,
                Doors.guarded(options, client, clock),
                new Scope.Cluster("root-" + suffix),
                true,
                Optional.of(new Parts.Candidacy(NAMESPACE, Parts.Candidacy.LEASE, "127.0.0.1", Terms.USUAL)));
        operator.start();
    }

    /** What it has asked of the API server so far. */
    Map<Calls.Right, Calls.Call> calls() {
        return calls.made();
    }

    /** Of the agents' door. */
    int connections() {
        return operator.connections();
    }

    /** How many were refused so far for this reason, by the operator's own count. */
    static long refused(String reason) {
        return (long) COUNTED.find("spandrel.operator.refused").tag("reason", reason).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    boolean leads() {
        return operator.leads();
    }

    int port() {
        return operator.port();
    }

    /** Of the operator; that of the API server goes its own way. */
    void later(Duration duration) {
        ahead = duration;
    }

    String node(String name) {
        return name + "-" + suffix;
    }

    boolean isConnected(String node) {
        return operator.isConnected(node);
    }

    /** A token that the API server gives to a pod of the agents' account on this node. */
    String token(String node) {
        return token(node, "spandrel-agent", AUDIENCE);
    }

    String token(String node, String account, String audience) {
        String pod = pod(node, account);
        String uid = ApiServerRung.run("get", "pod", pod, "-n", NAMESPACE, "-o", "jsonpath={.metadata.uid}");
        return ApiServerRung.run(
                        "create",
                        "token",
                        account,
                        "-n",
                        NAMESPACE,
                        "--audience=" + audience,
                        "--duration=10m",
                        "--bound-object-kind=Pod",
                        "--bound-object-name=" + pod,
                        "--bound-object-uid=" + uid)
                .strip();
    }

    String unboundToken() {
        return ApiServerRung.run("create", "token", "spandrel-agent", "-n", NAMESPACE, "--audience=" + AUDIENCE)
                .strip();
    }

    /** Its token is not good any more. */
    void delete(String node, String account) {
        ApiServerRung.run("delete", "pod", account + "-" + node, "-n", NAMESPACE, "--force", "--grace-period=0");
    }

    private static String pod(String node, String account) {
        ApiServerRung.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s-%s, namespace: %s}
                spec: {nodeName: %s, serviceAccountName: %s, containers: [{name: agent, image: agent}]}
                """.formatted(account, node, NAMESPACE, node, account));
        return account + "-" + node;
    }

    /** An agent with a token, which trusts what the ConfigMap says. */
    FakeAgent agent(String node, String token) {
        return new FakeAgent(port(), credentials(bundle(), token), node, "");
    }

    static String bundle() {
        return ApiServerRung.run("get", "configmap", "spandrel-ca", "-n", NAMESPACE, "-o", "jsonpath={.data.ca\\.crt}");
    }

    static String authority() {
        return new String(
                Base64.getDecoder()
                        .decode(ApiServerRung.run(
                                "get",
                                "secret",
                                "spandrel-authority",
                                "-n",
                                NAMESPACE,
                                "-o",
                                "jsonpath={.data.ca\\.crt}")),
                StandardCharsets.US_ASCII);
    }

    /** @param token empty: none */
    static ChannelCredentials credentials(String bundle, String token) {
        ChannelCredentials tls = tls(bundle);
        return token.isEmpty() ? tls : CompositeChannelCredentials.create(tls, bearer(token));
    }

    static ChannelCredentials tls(String bundle) {
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(new ByteArrayInputStream(bundle.getBytes(StandardCharsets.US_ASCII)))
                    .build();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static CallCredentials bearer(String token) {
        return new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
                Metadata headers = new Metadata();
                headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
                applier.apply(headers);
            }
        };
    }

    @Override
    public void close() {
        operator.close();
        client.close();
        ApiServerRung.run("delete", "pods", "--all", "-n", NAMESPACE, "--force", "--grace-period=0");
    }
}
