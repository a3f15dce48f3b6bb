package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes of programs as they are installed, where the program itself says what there is to see. */
class UserProbesKernelIT {
    private static final String PYTHON = "/usr/bin/python3.11";
    private static final Path GOFMT = Path.of("/usr/local/go/bin/gofmt");
    /** Generations 0, 1 and twice 2. */
    private static final String COLLECTS = """
            import gc
            gc.disable()
            for i in (0, 1, 2, 2): gc.collect(i)
            """;

    @TempDir
    Path folder;

    @BeforeAll
    static void canRun() {
        KernelRung.require();
    }

    @Test
    void staticProbesHaveArguments() throws IOException, InterruptedException {
        KernelRung.require(Path.of(PYTHON), "python3");
        String program = """
                usdt:%s:python:gc__start /pid == PID/ { @generations[arg0] = count(); }
                """.formatted(PYTHON);
        try (var load = new Load(COLLECTS, PYTHON);
                var ours = Tracer.ours(program, load.pid(), folder)) {
            ours.awaitMarks();
            load.work();
            ours.awaitMarks();
            assertThat(ours.finish(load.pid())).contains("@generations[0]: 1\n@generations[1]: 1\n@generations[2]: ");
        }
    }

    /** A return probe would end the program: Go moves its stacks. Every call returns, and the program does what it does without a probe. */
    @Test
    void goReturnsAreSeenWithoutAReturnProbe() throws IOException, InterruptedException {
        KernelRung.require(GOFMT, "golang");
        var text = Files.writeString(
                folder.resolve("x.go"), "package x\n" + "func f() int { return 1+2 }\n".repeat(3_000));
        var plain = run(List.of(GOFMT.toString(), text.toString()), folder.resolve("plain"));
        String function = GOFMT + ":\"go/scanner.(*Scanner).Scan\"";
        var probed = Tracer.running(
                "uprobe:%s { @ = count(); } uretprobe:%s { @returns = count(); } END { printf(\"%%d of %%d\\n\", @returns, @); clear(@); clear(@returns); }"
                        .formatted(function, function),
                GOFMT + " " + text);
        assertThat(probed).startsWith(plain);
        var counts =
                probed.substring(plain.length()).lines().findFirst().orElse("").split(" of ");
        assertThat(counts[0]).isEqualTo(counts[1]);
        assertThat(Integer.parseInt(counts[0])).isGreaterThan(3_000 * 10);
    }

    /** Hundreds by one link, each knowing its own name. */
    @Test
    void manyFunctionsAtOnce() throws IOException, InterruptedException {
        String said = Tracer.running(
                "uprobe:libc:str* { @all = count(); @[func] = count(); } END { printf(\"seen %d\\n\", len(@)); clear(@); clear(@all); }",
                "/bin/sh -c :");
        assertThat(said).containsPattern("seen [1-9]");
    }

    private static String run(List<String> command, Path output) throws IOException, InterruptedException {
        new ProcessBuilder(command).redirectOutput(output.toFile()).start().waitFor();
        return Files.readString(output);
    }
}
