package dev.spandrel.probe.live.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The command of -c. */
final class Children {
    private Children() {}

    /** The shell becomes the command, so that it has the process id that is known here; until {@link #go} it is stopped. */
    static Process prepare(String command) throws IOException {
        return new ProcessBuilder("/bin/sh", "-c", "kill -STOP $$; exec " + command)
                .inheritIO()
                .start();
    }

    /** It may not have stopped yet: it goes on as soon as it has. */
    static void go(Process child) throws IOException {
        var state = Path.of("/proc/" + child.pid() + "/stat");
        while (child.isAlive() && !Files.readString(state).contains(") T ")) Thread.onSpinWait();
        new ProcessBuilder("kill", "-CONT", Long.toString(child.pid())).start();
    }
}
