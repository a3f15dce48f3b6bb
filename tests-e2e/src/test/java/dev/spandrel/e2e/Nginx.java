package dev.spandrel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real nginx in a cgroup of the test's, by one of the configurations in {@code servers/}. */
final class Nginx {
    private Nginx() {}

    /** Answers {@code /leaf/…} itself. Returns when it listens. */
    static void leaf(TestCgroup cgroup, Path directory, int port) {
        // The proxy half of the configuration has nothing behind it here.
        start(
                cgroup,
                directory,
                "leaf.conf",
                Map.of("LEAF", "" + port, "PROXY", "" + Ports.free(), "THREADED", "" + Ports.free()));
        Ports.awaitListening(port);
    }

    static void start(TestCgroup cgroup, Path directory, String configuration, Map<String, String> values) {
        Path file = configuration(directory, configuration, values);
        Path errors = directory.resolve("error.log");
        cgroup.start(directory.resolve("nginx.out"), List.of("nginx", "-c", file.toString(), "-e", errors.toString()));
    }

    /** Filled in, in the directory. */
    static Path configuration(Path directory, String configuration, Map<String, String> values) {
        try {
            String text = Files.readString(Checkout.server(configuration)).replace("@DIR@", directory.toString());
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace("@" + value.getKey() + "@", value.getValue());
            }
            return Files.writeString(directory.resolve(configuration), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
