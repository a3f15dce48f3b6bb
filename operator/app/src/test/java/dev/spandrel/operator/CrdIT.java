package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.cluster.Definitions;
import dev.spandrel.policy.PolicyFiles;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API server and the file parser know the same rules: each golden file of the parser is put to the API server too. */
final class CrdIT {
    private static final Path GOLDEN = Path.of("../policy/src/test/resources");

    @BeforeAll
    static void install() {
        ApiServerRung.require();
        try (KubernetesClient client = Clients.connect()) {
            Definitions.install(client);
        }
    }

    static List<Path> refused() throws IOException {
        return files("refused", "cel-");
    }

    static List<Path> accepted() throws IOException {
        return files("compile", "");
    }

    private static List<Path> files(String folder, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN.resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .filter(file -> file.toString().endsWith(folder.equals("compile") ? ".policy.yaml" : ".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatTheParserRefusesAndInTheSameWords(Path file) throws IOException {
        String yaml = Files.readString(file).replace("namespace: shop", "namespace: default");
        ApiServerRung.Result result = ApiServerRung.kubectl(yaml, "create", "--dry-run=server", "-f", "-");

        assertThat(result.code()).as(result.output()).isNotZero();
        String reason = PolicyFiles.parse(file.toString(), yaml, Instant.EPOCH)
                .refusals()
                .getFirst()
                .reason();
        String words = reason.substring(reason.indexOf(": ") + 2);
        if (result.errors().contains(words)) {
            return;
        }
        // Sizes, required fields and enumerations are said in the API server's own words.
        String path = reason.substring(0, Math.max(0, reason.indexOf(": ")));
        assertThat(result.errors()).contains(path.replaceAll("\\[\\d+]$", "").replaceAll("^$", "spec"));
        assertThat(result.errors())
                .containsAnyOf("Too long", "Too many", "Required value", "Duplicate value", "Unsupported value");
    }

    /** The table that the file parser's messages are in too. */
    @Test
    void eachMistakeIsTold() throws IOException {
        Path table = GOLDEN.resolve("refused/messages.table");
        List<String> lines = Files.readAllLines(table);
        StringBuilder told = new StringBuilder();
        for (int i = 0; i < lines.size(); i += 3) {
            String yaml = """
                    apiVersion: spandrel.dev/v1alpha1
                    kind: TracePolicy
                    metadata: {name: x}
                    spec: """ + " " + lines.get(i);
            String errors = ApiServerRung.kubectl(yaml, "create", "--dry-run=server", "-f", "-")
                    .errors();
            told.append(lines.get(i))
                    .append('\n')
                    .append(lines.get(i + 1))
                    .append("\n  api   ")
                    .append(shortened(errors))
                    .append('\n');
        }
        if (Boolean.getBoolean("spandrel.refresh")) {
            Files.writeString(table, told);
        }
        assertThat(told.toString()).isEqualTo(Files.readString(table));
    }

    /** Without what every error begins with, and without the remark that other rules were not looked at. */
    private static String shortened(String errors) {
        return errors.lines()
                .map(line -> line.replaceFirst("^The TracePolicy \"x\" is invalid: ", "")
                        .replaceFirst("^Error from server .*: (strict decoding error: )", "$1")
                        .replaceFirst("^\\* ", ""))
                .filter(line -> !line.isBlank() && !line.contains("some validation rules were not checked"))
                .collect(Collectors.joining("; "));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void acceptsWhatTheParserAccepts(Path file) throws IOException {
        String yaml = Files.readString(file).replaceAll("namespace: [a-z-]+", "namespace: default");
        ApiServerRung.Result result = ApiServerRung.kubectl(yaml, "apply", "--dry-run=server", "-f", "-");
        assertThat(result.errors()).isEmpty();
        assertThat(result.code()).isZero();
    }

    @Test
    void theKustomizeBaseIsAccepted() {
        ApiServerRung.kubectl(
                "", "create", "namespace", "spandrel-system"); // a dry run of it does not make room for the rest
        ApiServerRung.run("apply", "--dry-run=server", "-k", "../../config/base");
    }

    @Test
    void theRootNamespaceIsThatOfTheInstallation(@TempDir(factory = InTarget.class) Path overlay) throws IOException {
        String base = overlay.toAbsolutePath()
                .relativize(Path.of("../../config/base").toAbsolutePath().normalize())
                .toString();
        Files.writeString(overlay.resolve("kustomization.yaml"), "namespace: tracing\nresources: [" + base + "]\n");
        assertThat(ApiServerRung.run("kustomize", overlay.toString()))
                .doesNotContain(": spandrel-system")
                .containsPattern("--root-namespace\\s+- \\$\\(ROOT_NAMESPACE\\)")
                .containsPattern("name: ROOT_NAMESPACE\\s+valueFrom:\\s+fieldRef:\\s+fieldPath: metadata.namespace");
    }

    /** kustomize wants a base to be at a relative path. */
    static final class InTarget implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
                throws IOException {
            return Files.createTempDirectory(Path.of("target"), "overlay");
        }
    }

    @Test
    void explainsItsFields() {
        assertThat(ApiServerRung.run("explain", "tpol.spec.sampling.percent")).contains("Share of traces to keep");
    }

    @Test
    void saysWhatToDoAboutAMisspeltField() {
        String yaml = """
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: x, namespace: default}
                spec: {sampling: {percnt: 1}}
                """;
        assertThat(ApiServerRung.kubectl(yaml, "apply", "--dry-run=server", "-f", "-")
                        .errors())
                .contains("unknown field \"spec.sampling.percnt\"");
    }
}
