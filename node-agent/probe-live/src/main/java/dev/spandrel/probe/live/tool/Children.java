package dev.spandrel.probe.live.tool;

import java.io.IOException;

/** The command of -c. */
final class Children {
    private Children() {}

    /** The shell becomes the command, so that it has the process id that is known here. */
    static Process start(String command) throws IOException {
        return new ProcessBuilder("/bin/sh", "-c", "exec " + command)
                .inheritIO()
                .start();
    }
}
