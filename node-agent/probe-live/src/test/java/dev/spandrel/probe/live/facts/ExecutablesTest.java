package dev.spandrel.probe.live.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutablesTest {
    private final Executables executables = Executables.own();

    /** An upgrade puts another file in the place of one that was read. */
    @Test
    void readsAFileAnewThatTookAnothersPlace(@TempDir Path folder) throws IOException {
        Path program = Files.copy(of("libc"), folder.resolve("program"));
        assertThat(executables.functions(program.toString())).containsKey("fopen");
        Path next = Files.copy(of("libm"), folder.resolve("next"));
        Files.move(next, program, StandardCopyOption.REPLACE_EXISTING);
        assertThat(executables.functions(program.toString()))
                .containsKey("cosh")
                .doesNotContainKey("fopen");
        Files.delete(program);
        assertThat(executables.functions(program.toString())).isEmpty();
    }

    /** The same file, with another content. */
    @Test
    void readsAFileAnewThatWasWritten(@TempDir Path folder) throws IOException {
        Path program = Files.copy(of("libc"), folder.resolve("program"));
        assertThat(executables.functions(program.toString())).containsKey("fopen");
        Files.write(program, Files.readAllBytes(of("libm")));
        assertThat(executables.functions(program.toString()))
                .containsKey("cosh")
                .doesNotContainKey("fopen");
    }

    private Path of(String library) {
        return Path.of(executables.find(library).getFirst());
    }
}
