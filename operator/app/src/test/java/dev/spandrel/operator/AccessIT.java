package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.inspect.Access;
import dev.spandrel.operator.inspect.Access.Denial;
import dev.spandrel.operator.inspect.Access.Right;
import dev.spandrel.operator.inspect.Reviews;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may see what, by the rules of a real API server, asked with the operator's own rights. */
final class AccessIT {
    private final String namespace = "access-" + UUID.randomUUID().toString().substring(0, 8);
    private KubernetesClient client;
    private Access access;

    @BeforeAll
    static void prepare() {
        RunningOperator.prepareCluster();
    }

    @BeforeEach
    void start() {
        ApiServerRung.run("create", "namespace", namespace);
        Config config = Config.autoConfigure(null);
        config.setImpersonateUsername("system:serviceaccount:spandrel-system:spandrel-operator");
        client = Clients.connect(config);
        access = new Reviews(client);
    }

    @AfterEach
    void stop() {
        client.close();
        ApiServerRung.run("delete", "namespace", namespace, "--wait=false");
    }

    @Test
    void anOwnerOfANamespaceSeesWhatIsInIt() {
        ApiServerRung.run("create", "serviceaccount", "owner", "-n", namespace);
        ApiServerRung.run(
                "create",
                "rolebinding",
                "owner",
                "-n",
                namespace,
                "--clusterrole=spandrel-view",
                "--serviceaccount=" + namespace + ":owner");
        String token =
                ApiServerRung.run("create", "token", "owner", "-n", namespace).strip();

        assertThat(access.deny(token, policies("get", namespace))).isEmpty();
        assertThat(access.deny(token, policies("list", namespace))).isEmpty();
        assertThat(access.deny(token, policies("get", "default")))
                .get(type(Denial.Forbidden.class))
                .extracting(Denial::message)
                .isEqualTo(
                        "system:serviceaccount:" + namespace + ":owner may not get tracepolicies in namespace default");
        assertThat(access.deny(token, policies("list", ""))).containsInstanceOf(Denial.Forbidden.class);
        assertThat(access.deny(token, new Right("list", "", "nodes", ""))).containsInstanceOf(Denial.Forbidden.class);
    }

    @Test
    void nobodyIsNobody() {
        assertThat(access.deny("", policies("get", namespace))).containsInstanceOf(Denial.Unknown.class);
        assertThat(access.deny("made-up", policies("get", namespace))).containsInstanceOf(Denial.Unknown.class);
    }

    private static Right policies(String verb, String in) {
        return new Right(verb, "spandrel.dev", "tracepolicies", in);
    }
}
