package dev.spandrel.operator.inspect;

import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** The cluster's own rules: the API server says whose token it is, and what they may. */
public record Reviews(KubernetesClient client) implements Access {
    @Override
    public Optional<Denial> deny(String token, Right right) {
        if (token.isEmpty()) {
            return Optional.of(
                    new Denial.Unknown(
                            "your kubeconfig has no token to show who you are; --service-account NAMESPACE/NAME asks kubectl for one"));
        }
        try {
            TokenReviewStatus status = client.authentication()
                    .v1()
                    .tokenReviews()
                    .create(new TokenReviewBuilder()
                            .withNewSpec()
                            .withToken(token)
                            .endSpec()
                            .build())
                    .getStatus();
            return status == null || !Boolean.TRUE.equals(status.getAuthenticated())
                    ? Optional.of(new Denial.Unknown("the cluster does not accept your token; has it expired?"))
                    : deny(status.getUser(), right);
        } catch (KubernetesClientException e) {
            return Optional.of(new Denial.Unchecked("the cluster cannot be asked who you are: " + e.getCode()));
        }
    }

    private Optional<Denial> deny(UserInfo user, Right right) {
        SubjectAccessReviewStatus status = client.authorization()
                .v1()
                .subjectAccessReview()
                .create(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(user.getUsername())
                        .withUid(user.getUid())
                        .withGroups(user.getGroups())
                        .withExtra(user.getExtra())
                        .withNewResourceAttributes()
                        .withVerb(right.verb())
                        .withGroup(right.group())
                        .withResource(right.resource())
                        .withNamespace(right.namespace())
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .getStatus();
        return Boolean.TRUE.equals(status.getAllowed())
                ? Optional.empty()
                : Optional.of(new Denial.Forbidden(user.getUsername() + " may not " + right));
    }
}
