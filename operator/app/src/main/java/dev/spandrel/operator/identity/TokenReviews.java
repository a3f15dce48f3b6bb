package dev.spandrel.operator.identity;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks the API server whose token it is. */
final class TokenReviews {
    private static final String EXTRA = "authentication.kubernetes.io/";

    private final KubernetesClient client;
    private final Accounts accounts;

    TokenReviews(KubernetesClient client, Accounts accounts) {
        this.client = client;
        this.accounts = accounts;
    }

    Verdict judge(String token) {
        return judge(() -> client.authentication()
                .v1()
                .tokenReviews()
                .create(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(Accounts.AUDIENCE)
                        .endSpec()
                        .build()));
    }

    /** @param asked what the API server answers */
    Verdict judge(Supplier<TokenReview> asked) {
        try {
            return judge(asked.get());
        } catch (KubernetesClientException e) {
            return new Verdict.Refused(
                    Refusal.UNCHECKED, "the token cannot be checked at the moment: the API server says " + e.getCode());
        }
    }

    private Verdict judge(TokenReview review) {
        TokenReviewStatus status = review.getStatus();
        if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
            return new Verdict.Refused(
                    Refusal.REJECTED,
                    "the API server does not accept the token: is it of this cluster, and is the pod it was made for still there?");
        }
        List<String> audiences = Objects.requireNonNullElse(status.getAudiences(), List.of());
        if (!audiences.contains(Accounts.AUDIENCE)) {
            // An API server that does not know audiences answers for its own.
            return new Verdict.Refused(
                    Refusal.WRONG_AUDIENCE, "the API server did not confirm the audience " + Accounts.AUDIENCE);
        }
        String user = status.getUser().getUsername();
        if (accounts.isOperator(user)) {
            return new Verdict.Accepted(new Caller.Replica());
        }
        if (!accounts.isAgent(user)) {
            return accounts.wrong(user);
        }
        return node(status.getUser())
                .<Verdict>map(node -> new Verdict.Accepted(new Caller.Agent(node)))
                .orElseGet(
                        () -> new Verdict.Refused(
                                Refusal.NO_NODE,
                                "the token is not bound to a pod on a node: project it into the agent's pod (volumes.projected.serviceAccountToken)"));
    }

    private Optional<String> node(UserInfo user) {
        Map<String, List<String>> extra = Objects.requireNonNullElse(user.getExtra(), Map.of());
        return first(extra, "node-name").or(() -> first(extra, "pod-name").flatMap(pod -> nodeOf(pod, extra)));
    }

    /** Before Kubernetes 1.30 a token names its pod only. */
    private Optional<String> nodeOf(String name, Map<String, List<String>> extra) {
        Pod pod = client.pods().inNamespace(accounts.namespace()).withName(name).get();
        return Optional.ofNullable(pod)
                .filter(one -> Optional.of(one.getMetadata().getUid()).equals(first(extra, "pod-uid")))
                .map(one -> one.getSpec().getNodeName());
    }

    private static Optional<String> first(Map<String, List<String>> extra, String key) {
        return extra.getOrDefault(EXTRA + key, List.of()).stream().findFirst();
    }
}
