package dev.spandrel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A cgroup of the test's own, below the v2 mount, and the processes it put there. */
final class TestCgroup implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private final Path directory;
    private final List<Process> processes = new ArrayList<>();

    private TestCgroup(Path directory) {
        this.directory = directory;
    }

    /** A new cgroup whose last path element begins with {@code name}. */
    static TestCgroup make(String name) {
        return at(mount().resolve(
                        "spandrel-e2e-" + name + "-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet()));
    }

    static TestCgroup at(Path directory) {
        try {
            Files.createDirectories(directory);
            return new TestCgroup(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestCgroup child(String name) {
        return at(directory.resolve(name));
    }

    static Path mount() {
        try {
            return Files.readAllLines(Path.of("/proc/mounts")).stream()
                    .map(line -> line.split(" "))
                    .filter(fields -> fields[2].equals("cgroup2"))
                    .map(fields -> Path.of(fields[1]))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no cgroup2 mount in /proc/mounts"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return directory.getFileName().toString();
    }

    Path directory() {
        return directory;
    }

    /** Starts a command whose first instruction already runs inside this cgroup. Output goes to {@code log}. */
    Process start(Path log, List<String> command) {
        return start(inside(command).redirectErrorStream(true).redirectOutput(log.toFile()));
    }

    /** The same in a working directory, with a file as its standard input. */
    Process start(Path workingDirectory, Optional<Path> input, Path log, List<String> command) {
        ProcessBuilder builder = inside(command)
                .directory(workingDirectory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        input.ifPresent(file -> builder.redirectInput(file.toFile()));
        return start(builder);
    }

    /** The same, with its standard input and output for the caller to write and read. */
    Process converse(List<String> command) {
        return start(inside(command).redirectError(ProcessBuilder.Redirect.INHERIT));
    }

    /** The same in a working directory. */
    Process converse(Path workingDirectory, List<String> command) {
        return start(
                inside(command).directory(workingDirectory.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT));
    }

    private ProcessBuilder inside(List<String> command) {
        List<String> inside = new ArrayList<>(
                List.of("sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", directory.toString()));
        inside.addAll(command);
        return new ProcessBuilder(inside);
    }

    private Process start(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (Process process : processes.reversed()) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        for (Process process : processes) {
            try {
                if (!process.waitFor(5L * Await.PATIENCE, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Await.until("cgroup " + directory + " removed", this::removed);
    }

    private boolean removed() {
        try (var children = Files.walk(directory)) {
            children.filter(Files::isDirectory)
                    .sorted((a, b) -> b.getNameCount() - a.getNameCount())
                    .forEach(child -> child.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            return !Files.exists(directory);
        }
        return !Files.exists(directory);
    }
}
