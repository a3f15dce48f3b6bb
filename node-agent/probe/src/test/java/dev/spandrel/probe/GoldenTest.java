package dev.spandrel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.codegen.Assembly;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.syntax.Source;
import dev.spandrel.probe.type.RequestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each program of the golden folder: what is wrong with it, or its maps and instructions. */
class GoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final Options OPTIONS =
            Options.DEFAULT.with(List.of("10", "bash")).with(Optional.of(RequestContext.OF_AGENT));

    static Stream<String> programs() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".bt")).sorted().toList().stream();
        }
    }

    private static Options options(String program) {
        return program.startsWith("managed-")
                ? OPTIONS.with(new Options.Selection(
                        Optional.empty(),
                        false,
                        Optional.of(new Options.Managed(3, program.contains("selected"))
                                .confined(program.contains("confined")))))
                : OPTIONS;
    }

    @ParameterizedTest
    @MethodSource("programs")
    void compiles(String program) throws IOException {
        var source = new Source(program, Files.readString(FOLDER.resolve(program)));
        var result = Compiler.compile(source, new FakeFacts(), options(program), Arch.X86_64);
        var shown = new StringBuilder();
        result.diagnostics().forEach(d -> shown.append(d.render(source)));
        result.compiled().ifPresent(compiled -> {
            compiled.maps()
                    .forEach(m -> shown.append(
                            "map %s %s key %d value %d%n".formatted(m.name(), m.kind(), m.keyBytes(), m.valueBytes())));
            compiled.actions().forEach(a -> shown.append("action ").append(a).append('\n'));
            for (var body : compiled.programs()) {
                shown.append('\n').append(body.name()).append(' ').append(body.kind());
                body.points().forEach(p -> shown.append(' ').append(p.name()));
                shown.append('\n').append(Assembly.show(body.instructions()));
            }
        });
        String kind = result.compiled().isPresent() ? ".bpfasm" : ".diagnostics";
        var expected = FOLDER.resolve(program.replace(".bt", kind));
        if (Boolean.getBoolean("spandrel.refresh")) Files.writeString(expected, shown);
        assertThat(expected).exists();
        assertThat(shown.toString()).isEqualTo(Files.readString(expected));
    }
}
