package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.cluster.Clients;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the production overlay's NetworkPolicy lets through, by the rules of the API: the network of ./dev cluster enforces none. The ports that it names are compared with those that the programs are
 * told to use.
 */
final class NetworkIT {
    private static final Map<String, String> STRANGER = Map.of("app.kubernetes.io/name", "checkout");

    private static List<HasMetadata> objects;

    @BeforeAll
    static void load() {
        ApiServerRung.require();
        byte[] yaml = ApiServerRung.run("kustomize", "../../config/overlays/production")
                .getBytes(StandardCharsets.UTF_8);
        try (KubernetesClient client = Clients.connect()) {
            objects = client.load(new ByteArrayInputStream(yaml)).items();
        }
    }

    @Test
    void agentsReachTheOperatorWhereTheyAreToldToAndNobodyElseDoes() {
        String address = argument(agent(), "--operator"); // service:port
        Service service = only(Service.class);
        assertThat(address).startsWith(service.getMetadata().getName() + ":");
        int port = service.getSpec().getPorts().stream()
                .filter(one -> address.endsWith(":" + one.getPort()))
                .map(one -> port(operator(), one.getTargetPort().getStrVal()))
                .findFirst()
                .orElseThrow();
        assertThat(argument(operator(), "--listen")).endsWith(":" + port);
        assertThat(operator().getMetadata().getLabels())
                .containsAllEntriesOf(service.getSpec().getSelector());

        assertThat(isLetIn(labels(agent()), port)).isTrue();
        assertThat(isLetIn(STRANGER, port)).isFalse();
    }

    /** A follower hands on to the leader what its agents say, at the address where agents come. */
    @Test
    void operatorsReachEachOther() {
        assertThat(isLetIn(labels(operator()), port(operator(), "agents"))).isTrue();
    }

    @Test
    void noOtherPortIsOpenToPods() {
        for (String name : List.of("inspect", "http")) {
            for (Map<String, String> from : List.of(labels(agent()), labels(operator()), STRANGER)) {
                assertThat(isLetIn(from, port(operator(), name)))
                        .as("%s from %s", name, from)
                        .isFalse();
            }
        }
    }

    /** Spans, the API server and DNS are reached by connections of their own: nothing that goes out is fenced, and nothing that comes to agents. */
    @Test
    void nothingElseIsFenced() {
        assertThat(only(NetworkPolicy.class).getSpec().getPolicyTypes()).containsExactly("Ingress");
        assertThat(selects(labels(agent()))).isFalse();
    }

    /** As the API says: of the policies that select the operator one rule has to match; peers are of the policy's own namespace unless they say otherwise. */
    private static boolean isLetIn(Map<String, String> from, int port) {
        assertThat(selects(labels(operator()))).isTrue();
        return only(NetworkPolicy.class).getSpec().getIngress().stream()
                .anyMatch(rule -> isFrom(rule, from) && isTo(rule, port));
    }

    private static boolean selects(Map<String, String> labels) {
        return labels.entrySet()
                .containsAll(only(NetworkPolicy.class)
                        .getSpec()
                        .getPodSelector()
                        .getMatchLabels()
                        .entrySet());
    }

    private static boolean isFrom(NetworkPolicyIngressRule rule, Map<String, String> labels) {
        return rule.getFrom().isEmpty()
                || rule.getFrom().stream()
                        .anyMatch(peer -> peer.getNamespaceSelector() == null
                                && peer.getIpBlock() == null
                                && labels.entrySet()
                                        .containsAll(peer.getPodSelector()
                                                .getMatchLabels()
                                                .entrySet()));
    }

    private static boolean isTo(NetworkPolicyIngressRule rule, int port) {
        return rule.getPorts().isEmpty()
                || rule.getPorts().stream()
                        .anyMatch(one -> (one.getProtocol() == null
                                        || one.getProtocol().equals("TCP"))
                                && port
                                        == (one.getPort().getIntVal() == null
                                                ? port(operator(), one.getPort().getStrVal())
                                                : one.getPort().getIntVal()));
    }

    private static PodTemplateSpec agent() {
        return only(DaemonSet.class).getSpec().getTemplate();
    }

    private static PodTemplateSpec operator() {
        return only(Deployment.class).getSpec().getTemplate();
    }

    private static Map<String, String> labels(PodTemplateSpec pod) {
        assertThat(pod.getSpec().getHostNetwork())
                .as("a selector knows no pod by its node's address")
                .isNotEqualTo(true);
        return pod.getMetadata().getLabels();
    }

    private static int port(PodTemplateSpec pod, String name) {
        return pod.getSpec().getContainers().getFirst().getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .mapToInt(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow();
    }

    private static String argument(PodTemplateSpec pod, String option) {
        Container container = pod.getSpec().getContainers().getFirst();
        return container.getArgs().get(container.getArgs().indexOf(option) + 1);
    }

    private static <T extends HasMetadata> T only(Class<T> kind) {
        List<T> found =
                objects.stream().filter(kind::isInstance).map(kind::cast).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
