package dev.spandrel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.probe.syntax.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of small programs, and beside each what one pass makes of it. */
public record Golden(Path folder) {
    public static Golden ofPass(String pass) {
        return new Golden(Path.of("src/test/resources/passes", pass));
    }

    /** Names of the programs. */
    public Stream<String> programs() {
        try (var files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".bt"))
                    .sorted()
                    .toList();
            return names.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Source source(String program) {
        try {
            return new Source(program, Files.readString(folder.resolve(program)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compared with what is written beside the program, or written there with {@code -Dspandrel.refresh=true}. */
    public void is(String program, String shown) {
        Path expected = folder.resolve(program.replace(".bt", ".txt"));
        try {
            if (Boolean.getBoolean("spandrel.refresh")) Files.writeString(expected, shown);
            assertThat(expected).exists();
            assertThat(shown).isEqualTo(Files.readString(expected));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
