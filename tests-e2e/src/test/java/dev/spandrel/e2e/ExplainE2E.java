package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What kubectl spandrel says of policies on a real API server, and of what this kernel holds. */
final class ExplainE2E {
    private static final String ROOT = "spandrel-system";

    private OneNode node;
    private Spandrel spandrel;
    private String root;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        node = new OneNode(directory, "shop");
        spandrel = node.spandrel();
        root = "root-of-" + node.namespace();
        node.tryCreateNamespace(ROOT);
    }

    @AfterEach
    void stop() {
        node.deletePolicy(ROOT, root);
        node.close();
    }

    @Test
    void eachFieldIsOfTheRightPolicyAndInTheKernel() {
        threeLevels();

        Spandrel.Result result = explain("-o", "json");
        assertThat(result.exit()).as(result.toString()).isZero();
        JsonNode explanation = result.json();
        assertThat(explanation.path("agreement").asText()).isEqualTo("Agrees");
        Map<String, String> fields = texts(explanation.path("fields"), "value");
        Map<String, String> sources = texts(explanation.path("fields"), "policy");
        assertThat(fields)
                .containsEntry("sampling.percent", "10%")
                .containsEntry("sampling.keep.slowerThan", "250ms")
                .containsEntry("sampling.maxSpansPerSecond", "77")
                .containsEntry("roles", "Server")
                .containsEntry("sampling.honorParent", "false")
                .containsEntry("spans.attributes.requestHeaders", "x-tenant-id");
        assertThat(sources)
                .containsEntry("sampling.percent", mine("shop"))
                .containsEntry("sampling.keep.slowerThan", mine("shop"))
                .containsEntry("sampling.maxSpansPerSecond", mine("younger"))
                .containsEntry("roles", mine("all"))
                .containsEntry("sampling.honorParent", ROOT + "/" + root)
                .containsEntry("spans.attributes.requestHeaders", mine("all"))
                .containsEntry("enabled", "");
        assertThat(texts(explanation.path("policies"), "policy", "standing"))
                .containsEntry(mine("shop"), "InForce")
                .containsEntry(mine("younger"), "InForce")
                .containsEntry(mine("over"), "Expired")
                .containsEntry(ROOT + "/" + root, "InForce");

        assertThat(explanation.path("cgroups")).hasSize(2);
        for (JsonNode cgroup : explanation.path("cgroups")) {
            assertThat(cgroup.path("path").asText()).contains(node.pod().uid());
            assertThat(cgroup.path("generation").asLong())
                    .isEqualTo(node.agent().generation());
            assertThat(texts(cgroup.path("fields"), "value"))
                    .as("what was read back")
                    .containsAllEntriesOf(fields);
        }

        Spandrel.Result people = explain();
        assertThat(people.output())
                .contains("namespace policy " + mine("all") + ", generation 1")
                .contains("not 20% of pod policy " + mine("younger"))
                .contains("not 1% of root policy " + ROOT + "/" + root)
                .contains("conflicted: the older " + mine("shop") + " wins on sampling.percent")
                .contains("Agreed: the kernel holds what was compiled, in all 2 cgroups.")
                .doesNotContain("≠");
    }

    @Test
    void whatSomebodyElseWroteIsShownUntilTheAgentPutsItRight() {
        node.apply("percent: 10");
        assertThat(explain().exit()).isZero();
        ConfigMapByHand map = ConfigMapByHand.of(node.agent());
        Path container = node.pod().container().directory();

        JsonNode changed = explainedAfter(() -> map.setThreshold(container, 1L << 55), "-o", "json")
                .json();
        assertThat(changed.path("agreement").asText()).isEqualTo("Differs");
        JsonNode held = changed.path("cgroups").path(1);
        assertThat(held.path("differs")).extracting(JsonNode::asText).containsExactly("sampling.percent");
        assertThat(texts(held.path("fields"), "value")).containsEntry("sampling.percent", "50%");
        assertThat(changed.path("cgroups").path(0).path("differs")).isEmpty();
        assertThat(explainedAfter(() -> map.setThreshold(container, 1L << 55)).output())
                .containsPattern("sampling.percent +10% +≠ +10% \\| 50%")
                .contains("in 1 of 2 cgroups the kernel holds what this agent did not write: sampling.percent")
                .contains("What to do: ");
        assertThat(explainedAfter(() -> BpfHeld.by(node.agent()).deleteConfig(container))
                        .output())
                .contains("no value")
                .contains("differs: it should hold a value");
        Await.until("an agent that put it right", () -> explain().exit() == 0);

        node.killAgent();
        Await.until("an agent that is away", () -> explain().exit() == 5);
        assertThat(explain().output()).contains("no agent of node node-1 is connected");
        node.startAgent();
        Await.until("the agent that is back", () -> explain().exit() == 0);
    }

    @Test
    void policiesAndNodes() {
        node.apply("percent: 10");
        Await.until(
                "all policies in the kernel",
                () -> spandrel.run("status", "-n", node.namespace()).exit() == 0);
        JsonNode policy = spandrel.run("status", "-n", node.namespace(), "-o", "json")
                .json()
                .path("policies")
                .path(0);
        assertThat(policy.path("sampling").asText()).isEqualTo("10%");
        assertThat(policy.path("pods").asInt()).isEqualTo(1);
        assertThat(policy.path("programmed").asInt()).isEqualTo(1);

        JsonNode one = StreamSupport.stream(
                        spandrel.run("nodes", "-o", "json").json().path("nodes").spliterator(), false)
                .filter(found -> found.path("name").asText().equals("node-1"))
                .findFirst()
                .orElseThrow();
        assertThat(one.path("backend").asText()).isNotEmpty();
        assertThat(one.path("connectedSince").asText()).isNotEmpty();
        assertThat(one.path("heldVersion")).isEqualTo(one.path("targetVersion"));
        Await.until(
                "the agent's report",
                () -> spandrel.run("nodes")
                        .output()
                        .lines()
                        .anyMatch(line -> line.startsWith("node-1 ") && line.contains(" attached ")));
    }

    @Test
    void errorsSayWhatToDo() {
        Spandrel.Result wrong = spandrel.run("explain", "pod/shop", "-n", node.namespace());
        assertThat(wrong.exit()).isEqualTo(4);
        assertThat(wrong.error()).contains("did you mean " + node.pod().name() + "?");
        assertThat(spandrel.run("explain", "deployment/shop", "-n", node.namespace())
                        .exit())
                .isEqualTo(2);
        assertThat(explain().output()).contains("No policy selects it").contains("Agreed: nothing was compiled");

        node.killOperator();
        Spandrel.Result away = explain();
        assertThat(away.exit()).isEqualTo(3);
        assertThat(away.error()).contains("does not answer").contains("the nodes go on with what they hold");
        node.startOperator();
    }

    /** What is said of a change; made again if somebody put it right before it was looked at. */
    private Spandrel.Result explainedAfter(Runnable change, String... options) {
        return Await.value("a difference that is shown", () -> {
            change.run();
            return Optional.of(explain(options)).filter(result -> result.exit() == 1);
        });
    }

    private void threeLevels() {
        policy(ROOT, root, "{sampling: {percent: 1, honorParent: false}}");
        policy(node.namespace(), "over", "{enabled: false, expiresAfter: 1s}");
        policy(node.namespace(), "all", "{roles: [Server], spans: {attributes: {requestHeaders: [X-Tenant-Id]}}}");
        node.apply("percent: 10, keep: {slowerThan: 250ms}");
        // The API server's clock has seconds, and of two as old the name decides: younger than shop either way.
        policy(
                node.namespace(),
                "younger",
                "{podSelector: {matchLabels: {app: shop}}, sampling: {percent: 20, maxSpansPerSecond: 77}}");
        for (String policy : List.of("all", "shop", "younger")) {
            node.kubectl("wait", "--for=condition=Programmed", "tracepolicy/" + policy, "--timeout=60s");
        }
        node.kubectl("wait", "--for=condition=Expired", "tracepolicy/over", "--timeout=60s");
        Await.until("an agent that has all of it", () -> explain().exit() == 0);
    }

    private void policy(String namespace, String name, String spec) {
        node.applyAll("""
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: %s, namespace: %s}
                spec: %s
                """.formatted(name, namespace, spec));
    }

    private Spandrel.Result explain(String... options) {
        String[] arguments = {"explain", "pod/" + node.pod().name(), "-n", node.namespace()};
        return spandrel.run(
                Stream.concat(Stream.of(arguments), Stream.of(options)).toArray(String[]::new));
    }

    private String mine(String policy) {
        return node.namespace() + "/" + policy;
    }

    private static Map<String, String> texts(JsonNode list, String value) {
        return texts(list, "path", value);
    }

    private static Map<String, String> texts(JsonNode list, String key, String value) {
        return StreamSupport.stream(list.spliterator(), false)
                .collect(Collectors.toMap(
                        element -> element.path(key).asText(),
                        element -> element.path(value).asText()));
    }
}
