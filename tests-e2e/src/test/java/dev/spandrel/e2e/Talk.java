package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A program of a test's that says it is ready, waits for a line, and then says what it did. */
record Talk(Process process, BufferedReader lines) {
    static Talk with(Process process) {
        return new Talk(process, process.inputReader());
    }

    void await(String line) {
        try {
            String said = lines.readLine();
            while (said != null && !said.equals(line)) {
                said = lines.readLine();
            }
            assertThat(said).isEqualTo(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void say(String line) {
        try {
            process.outputWriter().append(line).append('\n').flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets it go on; answers what it says until it ends. */
    List<String> goOn() {
        say("go");
        try {
            List<String> said = lines.lines().toList();
            assertThat(process.waitFor()).isZero();
            return said;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
