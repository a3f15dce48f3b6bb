package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Going through the kernel's objects, with /proc as the oracle. */
class IteratorsKernelIT {
    @BeforeAll
    static void canRun() {
        KernelRung.require();
    }

    @Test
    void goesThroughThreads() throws IOException, InterruptedException {
        try (var load = new Load(Load.FILES)) {
            Path process = Path.of("/proc", Long.toString(load.pid()));
            assertThat(said(load, "iter:task { printf(\"%d %s\\n\", ctx.task.pid, ctx.task.comm); }"))
                    .containsExactly(load.pid() + " "
                            + Files.readString(process.resolve("comm")).strip());
        }
    }

    @Test
    void goesThroughFilesAndMappings() throws IOException, InterruptedException {
        try (var load = new Load(Load.FILES)) {
            Path process = Path.of("/proc", Long.toString(load.pid()));
            Set<String> files = new TreeSet<>();
            try (var open = Files.newDirectoryStream(process.resolve("fd"))) {
                open.forEach(file -> files.add(file.getFileName().toString()));
            }
            assertThat(said(load, "iter:task_file { printf(\"%d\\n\", ctx.fd); }"))
                    .containsExactlyInAnyOrderElementsOf(files);
            long mappings = Files.readAllLines(process.resolve("maps")).stream()
                    .filter(line -> !line.endsWith("[vsyscall]"))
                    .count();
            assertThat(
                            said(
                                    load,
                                    "BEGIN { @seen = (uint64)0; } iter:task_vma { @seen++; } END { printf(\"%d\\n\", @seen); clear(@seen); }"))
                    .containsExactly(Long.toString(mappings));
        }
    }

    /** It ends by itself: there is nothing that it could still see. */
    private static List<String> said(Load load, String program) throws IOException, InterruptedException {
        return Tracer.alone(program, load.pid())
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
