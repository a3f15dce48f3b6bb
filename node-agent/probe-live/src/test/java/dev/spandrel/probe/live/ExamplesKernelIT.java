package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.live.show.CgroupOwners;
import dev.spandrel.probe.live.show.TextOutput;
import dev.spandrel.probe.live.show.Values;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.syntax.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the language's documentation describes, a program for each chapter: what it prints when the kernel runs it. */
class ExamplesKernelIT {
    private static final Path FOLDER = Path.of("src/test/resources/examples");
    private static final HostFacts FACTS = new HostFacts();

    @BeforeAll
    static void canRun() {
        KernelRung.require();
    }

    static Stream<String> programs() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".bt")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void prints(String program) throws IOException {
        var source = new Source(program, Files.readString(FOLDER.resolve(program)));
        var said = new ByteArrayOutputStream();
        try (var out = new PrintStream(said, false, StandardCharsets.UTF_8)) {
            run(source, out);
        }
        var expected = FOLDER.resolve(program.replace(".bt", ".out"));
        String text = said.toString(StandardCharsets.UTF_8);
        if (Boolean.getBoolean("spandrel.refresh")) Files.writeString(expected, text);
        assertThat(text).isEqualTo(Files.readString(expected));
    }

    private static void run(Source source, PrintStream out) {
        var options = Options.DEFAULT.with(
                source.text().contains("getopt")
                        ? List.of("given", "42", "--number=0x10", "--flag", "--word=two words")
                        : List.of("given", "42"));
        var result = Compiler.compile(source, FACTS, options, Arch.of(System.getProperty("os.arch")));
        result.diagnostics().forEach(d -> out.print(d.render(source)));
        assertThat(result.compiled()).as(result.diagnostics().toString()).isPresent();
        var compiled = result.compiled().orElseThrow();
        try (var session =
                Session.load(source, compiled, FACTS, new Session.Scope(Optional.empty(), Optional.empty()))) {
            var text = new TextOutput(
                    out, new Values(compiled, session.maps(), FACTS, new CgroupOwners()), session.maps());
            session.start();
            while (session.doWork(text)) out.flush();
            session.stop(text);
            text.allMaps();
        }
    }
}
