package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** bpftrace and ours trace one load at the same time, with one program, and say the same. */
class BesideBpftraceKernelIT {
    private static final Path PROGRAMS = Path.of("src/test/resources/beside");

    @BeforeAll
    static void canRun() {
        KernelRung.require();
        KernelRung.requireBpftrace();
    }

    static Stream<String> programs() throws IOException {
        try (var files = Files.list(PROGRAMS)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void saysTheSame(String name, @TempDir Path folder) throws IOException, InterruptedException {
        saysTheSame(name, folder, "text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aggregates.bt", "keys.bt", "values.bt"})
    void saysTheSameAsJson(String name, @TempDir Path folder) throws IOException, InterruptedException {
        saysTheSame(name, folder, "json");
    }

    private static void saysTheSame(String name, Path folder, String form) throws IOException, InterruptedException {
        String program = Files.readString(PROGRAMS.resolve(name));
        try (var load = new Load(Load.FILES);
                var theirs = Tracer.bpftrace(program, load.pid(), folder, form);
                var ours = Tracer.ours(program, load.pid(), folder, form)) {
            theirs.awaitMarks();
            ours.awaitMarks();
            load.work();
            theirs.awaitMarks();
            ours.awaitMarks();
            load.end();
            // Before the maps bpftrace writes two empty lines, which are no JSON.
            String expected =
                    form.equals("json") ? theirs.finish(load.pid()).replace("\n\n\n", "\n") : theirs.finish(load.pid());
            assertThat(expected).as("the program sees the load").hasLineCount(Math.max(4, (int)
                    expected.lines().count()));
            assertThat(ours.finish(load.pid())).isEqualTo(expected);
        }
    }
}
