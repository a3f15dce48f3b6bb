package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.cluster.Definitions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people install and copy from {@code config/}: each overlay, the chart and each sample is put to a real API server. */
final class ConfigIT {
    private static final Path CONFIG = Path.of("../../config");
    private static final String NAMESPACE = "spandrel-system";

    @BeforeAll
    static void cluster() {
        RunningOperator.prepareCluster();
        GitOpsPrograms.require();
        ApiServerRung.kubectl("", "create", "namespace", NAMESPACE); // a dry run of it does not make room for the rest
        try (KubernetesClient admin = Clients.connect()) {
            Definitions.install(admin);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/dev", "overlays/production", "overlays/minimal"})
    void isAccepted(String folder) {
        accept(kustomize(folder));
    }

    @Test
    void overlaysDoWhatTheySay() {
        Map<String, String> production = objects(kustomize("overlays/production"));
        assertThat(production).containsKey("NetworkPolicy spandrel-operator");
        assertThat(production.get("DaemonSet spandrel-agent")).contains("system-node-critical");
        assertThat(objects(kustomize("overlays/minimal"))).doesNotContainKey("ClusterRole spandrel-edit");
        assertThat(objects(kustomize("overlays/dev")).get("Deployment spandrel-operator"))
                .contains("spandrel-operator:dev")
                .doesNotContain("\"limits\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/production", "overlays/minimal"})
    void withCertManagerTheAuthorityIsNobodysAny(String folder, @TempDir Path overlay) throws IOException {
        Map<String, String> objects = objects(withCertManager(folder, overlay));
        assertThat(objects)
                .containsKeys("Certificate spandrel-operator", "Issuer spandrel-authority")
                .doesNotContainKeys("Secret spandrel-authority", "ConfigMap spandrel-ca");
        assertThat(objects.get("Deployment spandrel-operator"))
                .contains("--certificate", "spandrel-operator-certificate");
        assertThat(objects.get("DaemonSet spandrel-agent"))
                .contains("\"secret\":{\"items\":[{\"key\":\"ca.crt\"", "serviceAccountToken")
                .doesNotContain("spandrel-ca");
        assertThat(objects.get("Role spandrel-operator")).doesNotContain("secrets", "configmaps");
    }

    /** Helm makes the namespace itself. */
    @Test
    void theChartWithItsDefaultsIsTheBase() {
        assertAlike(chart(NAMESPACE), kustomize("base"));
    }

    @Test
    void theChartWithCertManagerIsTheBaseWithTheComponent(@TempDir Path overlay) throws IOException {
        assertAlike(chart(NAMESPACE, "certManager=true"), withCertManager("base", overlay));
    }

    private static void assertAlike(String chart, String kustomized) {
        Map<String, String> expected = objects(kustomized);
        assertThat(expected.remove("Namespace " + NAMESPACE)).isNotNull();
        Map<String, String> rendered = objects(chart);
        assertThat(rendered).containsOnlyKeys(expected.keySet());
        expected.forEach(
                (name, object) -> assertThat(rendered.get(name)).as(name).isEqualTo(object));
    }

    @Test
    void theChartIsAcceptedAndItsValuesArriveWhereTheyBelong() {
        ApiServerRung.kubectl("", "create", "namespace", "tracing");
        String rendered = chart(
                "tracing",
                "operator.image=registry.example/operator:1",
                "operator.resources.limits.memory=1Gi",
                "agent.image=registry.example/agent:1",
                "agent.otlpEndpoint=http://collector:4318",
                "agent.tolerations[0].key=dedicated");
        accept(rendered);
        Map<String, String> objects = objects(rendered);
        assertThat(objects.get("Deployment spandrel-operator"))
                .contains("\"registry.example/operator:1\"", "\"memory\":\"1Gi\"", "\"namespace\":\"tracing\"");
        assertThat(objects.get("DaemonSet spandrel-agent"))
                .contains("\"registry.example/agent:1\"", "\"http://collector:4318\"", "[{\"key\":\"dedicated\"}]");
        assertThat(objects.get("ClusterRoleBinding spandrel-operator")).contains("\"namespace\":\"tracing\"");
    }

    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(CONFIG.resolve("samples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void eachSampleIsAppliedAndBecomesCurrent(Path sample) throws IOException {
        try (RunningOperator operator = new RunningOperator()) {
            String root = operator.rootNamespace();
            ApiServerRung.run("create", "namespace", root);
            String yaml = Files.readString(sample)
                    .replace("namespace: " + NAMESPACE, "namespace: " + root)
                    .replaceAll("namespace: shop", "namespace: " + operator.namespace());
            ApiServerRung.checked(ApiServerRung.kubectl(yaml, "apply", "-n", inNone(yaml, operator), "-f", "-"));
            ApiServerRung.checked(ApiServerRung.kubectl(
                    yaml, "wait", "-n", inNone(yaml, operator), "--for=condition=Ready", "--timeout=20s", "-f", "-"));
            String applied = ApiServerRung.checked(
                    ApiServerRung.kubectl(yaml, "get", "-n", inNone(yaml, operator), "-o", "json", "-f", "-"));
            assertThat(GitOpsPrograms.kstatus(applied)).isEqualTo("Current");
            ApiServerRung.run("delete", "namespace", root, "--wait=false");
        }
    }

    /** Those for a host without Kubernetes name no namespace. */
    private static String inNone(String yaml, RunningOperator operator) {
        return yaml.contains("namespace: " + operator.rootNamespace())
                ? operator.rootNamespace()
                : operator.namespace();
    }

    private static String kustomize(String folder) {
        return ApiServerRung.run("kustomize", CONFIG.resolve(folder).toString());
    }

    private static String withCertManager(String folder, Path overlay) throws IOException {
        Path config = overlay.toRealPath().relativize(CONFIG.toRealPath());
        Files.writeString(overlay.resolve("kustomization.yaml"), """
                namespace: %s
                resources: [%s]
                components: [%s]
                """.formatted(
                        NAMESPACE, config.resolve(folder), config.resolve("components/cert-manager")));
        return ApiServerRung.run("kustomize", overlay.toString());
    }

    private static String chart(String namespace, String... settings) {
        return GitOpsPrograms.helm(CONFIG.resolve("helm/spandrel").toString(), namespace, settings);
    }

    private static void accept(String manifests) {
        ApiServerRung.checked(ApiServerRung.kubectl(
                manifests, "apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", "-"));
    }

    /** Kind and name to the object, in one spelling. */
    private static Map<String, String> objects(String manifests) {
        try (KubernetesClient client = Clients.connect()) {
            List<HasMetadata> items = client.load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                    .items();
            return items.stream()
                    .collect(Collectors.toMap(
                            object -> object.getKind() + " "
                                    + object.getMetadata().getName(),
                            (Function<HasMetadata, String>) Serialization::asJson,
                            (one, other) -> one + other,
                            TreeMap::new));
        }
    }
}
