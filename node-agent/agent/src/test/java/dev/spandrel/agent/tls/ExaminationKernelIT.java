package dev.spandrel.agent.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in the libraries of this machine, and what is said of those that cannot be probed. */
final class ExaminationKernelIT {
    private static final int MACHINE = 18;
    private static final int AARCH64 = 183;

    @TempDir
    Path directory;

    @Test
    void aLibraryWithItsNamesHasPlaces() throws IOException, InterruptedException {
        assertThat(Examination.of(library("libssl.so.3"))).isInstanceOfSatisfying(Found.Library.class, found -> {
            assertThat(found.library()).isEqualTo("openssl");
            assertThat(found.spots())
                    .extracting(Spot::program)
                    .as("a read takes one place, a write one, and one more where ciphers make several records at once")
                    .containsExactlyInAnyOrder(Spot.OPENSSL_READ, Spot.OPENSSL_WRITE, Spot.OPENSSL_WRITE, Spot.FREE);
        });
        assertThat(Examination.of(library("libc.so.6"))).isInstanceOf(Found.Nothing.class);
    }

    @Test
    void codeOfAnotherProcessorIsRefusedWhereThereIsTlsAlone() throws IOException, InterruptedException {
        assertThat(Examination.of(of(AARCH64, "libssl.so.3"))).isInstanceOfSatisfying(Found.Refused.class, found -> {
            assertThat(found.library()).isEqualTo("openssl");
            assertThat(found.cause()).isEqualTo(Cause.PROCESSOR);
            assertThat(found.reason()).contains("not x86-64");
        });
        assertThat(Examination.of(of(AARCH64, "libc.so.6"))).isInstanceOf(Found.Nothing.class);
    }

    @Test
    void aLibraryWhoseNamesWereStrippedIsRefused() throws IOException, InterruptedException {
        byte[] file = Files.readAllBytes(library("libssl.so.3"));
        // Its exported functions' names, which nobody can strip, are made others.
        var text = new String(file, StandardCharsets.ISO_8859_1).replace("\0SSL_", "\0LSS_");
        var copy = Files.writeString(directory.resolve("nameless.so"), text, StandardCharsets.ISO_8859_1);
        assertThat(Examination.of(copy)).isInstanceOfSatisfying(Found.Refused.class, found -> {
            assertThat(found.library()).isEqualTo("openssl");
            assertThat(found.cause()).isEqualTo(Cause.STRIPPED);
            assertThat(found.reason()).contains("stripped");
        });
    }

    private Path of(int machine, String name) throws IOException, InterruptedException {
        byte[] file = Files.readAllBytes(library(name));
        file[MACHINE] = (byte) machine;
        return Files.write(directory.resolve(name), file);
    }

    private static Path library(String name) throws IOException, InterruptedException {
        var process = new ProcessBuilder("ldconfig", "-p").start();
        var found = new String(process.getInputStream().readAllBytes())
                .lines()
                .filter(line -> line.strip().startsWith(name + " ") && line.contains("x86-64"))
                .map(line -> Path.of(line.substring(line.indexOf("=> ") + 3)))
                .findFirst();
        process.waitFor();
        return found.orElseThrow(() -> new AssertionError("this machine has no " + name));
    }
}
