package dev.spandrel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A directory of policy files, as a person would write them. */
record Policies(Path directory) {
    static Policies in(Path parent) {
        try {
            return new Policies(Files.createDirectories(parent.resolve("policies")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes {@code NAME.yaml}: a policy for the cgroup with this indented spec text. */
    void write(String name, TestCgroup cgroup, String spec) {
        String yaml = """
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata: {name: %s}
                spec:
                  podSelector: {matchLabels: {cgroup: %s}}
                %s""".formatted(name, cgroup.name(), spec.indent(2));
        try {
            Path draft = Files.writeString(directory.resolve("." + name + ".draft"), yaml);
            Files.move(draft, directory.resolve(name + ".yaml"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(String name) {
        try {
            Files.delete(directory.resolve(name + ".yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
