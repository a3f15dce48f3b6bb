package dev.spandrel.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.RunningOperator;
import dev.spandrel.operator.cluster.Clients;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Before Kubernetes 1.30 the API server says in which pod a token is, and not on which node: the pod is looked at. Its answer is that of the API server here, without what was not in it then.
 */
final class PodOfTokenIT {
    private static final String NAMESPACE = "spandrel-system";
    private static final String NODE = "node-7";
    private static final String EXTRA = "authentication.kubernetes.io/";

    private final KubernetesClient admin = Clients.connect();
    private Pod pod;

    @BeforeEach
    void create() {
        RunningOperator.prepareCluster();
        pod = admin.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("agent-" + UUID.randomUUID())
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(NODE)
                        .withServiceAccountName("spandrel-agent")
                        .addNewContainer()
                        .withName("agent")
                        .withImage("agent")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    @AfterEach
    void delete() {
        admin.resource(pod).withGracePeriod(0).delete();
        admin.close();
    }

    @Test
    void theNodeIsThatOfThePod() {
        assertThat(judgedBy("system:serviceaccount:spandrel-system:spandrel-operator", review()))
                .isEqualTo(new Verdict.Accepted(new Caller.Agent(NODE)));
    }

    @Test
    void withoutTheRightToLookThereIsNoNode() {
        assertThat(judgedBy("nobody", review()))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.UNCHECKED));
    }

    /** A pod of the same name that came after the one the token is of. */
    @Test
    void anotherPodOfThatNameIsNotIt() {
        TokenReview review = review();
        review.getStatus().getUser().getExtra().put(EXTRA + "pod-uid", List.of("another"));
        assertThat(judgedBy("system:serviceaccount:spandrel-system:spandrel-operator", review))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.NO_NODE));
    }

    private static Verdict judgedBy(String user, TokenReview review) {
        Config config = Config.autoConfigure(null);
        config.setImpersonateUsername(user);
        try (KubernetesClient client = Clients.connect(config)) {
            return new TokenReviews(client, new Accounts(NAMESPACE, "spandrel-agent", "spandrel-operator"))
                    .judge(() -> review);
        }
    }

    private TokenReview review() {
        String token = admin.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName("spandrel-agent")
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(Accounts.AUDIENCE)
                        .withNewBoundObjectRef(
                                "v1",
                                "Pod",
                                pod.getMetadata().getName(),
                                pod.getMetadata().getUid())
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        TokenReview review = admin.authentication()
                .v1()
                .tokenReviews()
                .create(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(Accounts.AUDIENCE)
                        .endSpec()
                        .build());
        assertThat(review.getStatus().getUser().getExtra().remove(EXTRA + "node-name"))
                .containsExactly(NODE);
        return review;
    }
}
