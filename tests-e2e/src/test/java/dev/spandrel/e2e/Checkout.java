package dev.spandrel.e2e;

import java.nio.file.Path;

/** Where this project's files are. */
final class Checkout {
    static final Path ROOT =
            Path.of(System.getProperty("spandrel.root", "..")).toAbsolutePath().normalize();
    private static final Path RESOURCES = ROOT.resolve("tests-e2e/src/test/resources");

    private Checkout() {}

    /** A server or client program, or a configuration of one. */
    static Path server(String name) {
        return RESOURCES.resolve("servers").resolve(name);
    }

    /** The golden conversations. */
    static Path framing() {
        return RESOURCES.resolve("framing");
    }
}
