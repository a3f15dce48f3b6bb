package dev.spandrel.probe.live.show;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names of users. */
final class Users {
    private Users() {}

    static String name(long uid) {
        try (var lines = Files.lines(Path.of("/etc/passwd"))) {
            return lines.map(line -> line.split(":"))
                    .filter(f -> f.length > 2 && f[2].equals(Long.toString(uid)))
                    .map(f -> f[0])
                    .findFirst()
                    .orElse(Long.toString(uid));
        } catch (IOException e) {
            return Long.toString(uid);
        }
    }
}
