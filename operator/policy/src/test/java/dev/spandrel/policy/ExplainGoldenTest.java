package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.policy.Explanation.InForce;
import dev.spandrel.policy.Explanation.Selecting;
import dev.spandrel.policy.Explanation.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every behaviour of the compiler, explained for each workload of its inventory: {@code <behaviour>.explained.txt}. */
final class ExplainGoldenTest {
    static List<Path> behaviours() {
        return Stream.of("compile", "explain")
                .flatMap(folder -> Golden.in(folder, ".policy.yaml").stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void explainsWhatIsCompiled(Path policies) {
        Behaviour behaviour = Behaviour.read(policies);
        Compilation compilation =
                Compiler.compile(behaviour.policies(), behaviour.inventory(), behaviour.scope(), Behaviour.NOW);
        StringBuilder text = new StringBuilder();
        for (Inventory.Entry workload : behaviour.inventory().entries()) {
            Explanation explanation =
                    Explainer.explain(behaviour.policies(), workload, behaviour.scope(), Behaviour.NOW);
            assertThat(explanation.config()).isEqualTo(compiled(compilation, workload));
            text.append("# ").append(workload.id()).append('\n').append(text(explanation));
        }
        Golden.check(policies.resolveSibling(behaviour.name() + ".explained.txt"), text.toString());
    }

    private static Optional<TraceConfig> compiled(Compilation compilation, Inventory.Entry workload) {
        return compilation.node(workload.node()).workloads().stream()
                .filter(compiled -> compiled.id().equals(workload.id()))
                .map(PlannedWorkload::config)
                .findFirst();
    }

    private static String text(Explanation explanation) {
        StringBuilder text = new StringBuilder();
        for (Selecting policy : explanation.policies()) {
            text.append(text(policy.source())).append(": ").append(policy.standing());
            text.append(policy.expiresAt().map(at -> ", until " + at).orElse(""))
                    .append('\n');
        }
        for (InForce field : explanation.fields()) {
            text.append("  %-34s %-30s %s%n"
                    .formatted(
                            field.path(),
                            field.value(),
                            field.source().map(ExplainGoldenTest::text).orElse("default")));
            field.overridden()
                    .forEach(other ->
                            text.append("%36s not %s, of %s%n".formatted("", other.value(), text(other.source()))));
            field.note().ifPresent(note -> text.append("%36s %s%n".formatted("", note)));
        }
        return text.toString();
    }

    private static String text(Source source) {
        return source.width() + " " + source.policy();
    }
}
