package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.crds.TracePolicySpec;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PolicyFilesTest {
    private static final String SHOP = """
            apiVersion: spandrel.dev/v1alpha1
            kind: TracePolicy
            metadata: {name: shop}
            spec: {sampling: {percent: 0.5}}
            """;

    @Test
    void documentsOfOneFileAreReadInOrder() {
        PolicyFile file = PolicyFiles.parse(
                "a.yaml", "# comment only\n---\n" + SHOP + "---\n" + SHOP.replace("shop", "till"), Instant.EPOCH);

        assertThat(file.refusals()).isEmpty();
        assertThat(file.policies())
                .extracting(policy -> policy.key().toString())
                .containsExactly("default/shop", "default/till");
        assertThat(file.policies().getFirst().spec().sampling().percent()).isEqualTo(0.5);
    }

    @Test
    void anEmptyFileHasNothingInIt() {
        assertThat(PolicyFiles.parse("a.yaml", "", Instant.EPOCH))
                .isEqualTo(new PolicyFile("a.yaml", List.of(), List.of()));
    }

    @Test
    void aSpecMayBeEmptyButMustBeThere() {
        assertThat(PolicyFiles.parse("a.yaml", SHOP.replace("{sampling: {percent: 0.5}}", "{}"), Instant.EPOCH)
                        .policies())
                .extracting(Policy::spec)
                .containsExactly(TracePolicySpec.EMPTY);
        assertThat(PolicyFiles.parse("a.yaml", SHOP.replace("{sampling: {percent: 0.5}}", ""), Instant.EPOCH)
                        .refusals())
                .extracting(PolicyFile.Refusal::toString)
                .containsExactly("a.yaml:1: spec is required");
    }

    @Test
    void aPolicyThatTwoFilesHoldIsTheFirstFiles() {
        PolicyFile joined = PolicyFiles.join(List.of(
                PolicyFiles.parse("b.yaml", SHOP.replace("0.5", "7"), Instant.EPOCH),
                PolicyFiles.parse("a.yaml", SHOP, Instant.EPOCH)));

        assertThat(joined.policies())
                .extracting(policy -> policy.spec().sampling().percent())
                .containsExactly(0.5);
        assertThat(joined.refusals())
                .extracting(PolicyFile.Refusal::toString)
                .containsExactly("b.yaml:1: TracePolicy default/shop is already in a.yaml");
    }

    @Test
    void anAliasBombIsRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(PolicyFiles.parse("bomb.yaml", bomb.toString(), Instant.EPOCH)
                        .refusals())
                .isNotEmpty();
    }
}
