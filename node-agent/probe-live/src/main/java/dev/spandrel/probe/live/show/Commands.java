package dev.spandrel.probe.live.show;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What cat() and system() give. */
final class Commands {
    private static final int MOST_BYTES = 1 << 20;

    private Commands() {}

    static String read(String file) {
        try (var in = Files.newInputStream(Path.of(file))) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "cannot read " + file + "\n";
        }
    }

    static String run(String command) {
        try {
            var running = new ProcessBuilder("/bin/sh", "-c", command)
                    .redirectErrorStream(true)
                    .start();
            running.getOutputStream().close();
            return new String(running.getInputStream().readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "cannot run " + command + "\n";
        }
    }
}
