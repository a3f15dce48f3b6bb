package dev.spandrel.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** A {@code ./dev} command as a process of its own; what it says on standard error is its log. */
final class DevProcess implements AutoCloseable {
    private final String command;
    private final Process process;
    private final Path log;

    private DevProcess(String command, Process process, Path log) {
        this.command = command;
        this.process = process;
        this.log = log;
    }

    /** The log is appended to {@code COMMAND.log} in the directory: a command started twice there goes on with its own. */
    static DevProcess start(Path directory, Map<String, String> environment, String command, List<String> arguments) {
        return start(List.of(), directory, environment, command, arguments);
    }

    /** The same, started by another command. */
    static DevProcess start(
            List<String> by, Path directory, Map<String, String> environment, String command, List<String> arguments) {
        List<String> line = new ArrayList<>(by);
        line.addAll(List.of(Checkout.ROOT.resolve("dev").toString(), command));
        line.addAll(arguments);
        Path log = directory.resolve(command + ".log");
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return new DevProcess(command, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    BufferedReader output() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitLog(String words) {
        Await.until("./dev " + command + " says: " + words, () -> {
            mustRun();
            return log().contains(words);
        });
    }

    /** Its exit code, when it has ended by itself. */
    int awaitEnd() {
        Await.until("the end of ./dev " + command, () -> !process.isAlive());
        return process.exitValue();
    }

    /** Resident memory of the process that the command became. */
    long residentKib() {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/status"))
                    .lines()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of what was started first. */
    long pid() {
        return process.pid();
    }

    /** Process ids of the command and of what it started. */
    LongStream tree() {
        return LongStream.concat(
                LongStream.of(process.pid()), process.descendants().mapToLong(ProcessHandle::pid));
    }

    /** Fails with the log if the command has ended. */
    void mustRun() {
        if (!process.isAlive()) {
            throw new AssertionError("./dev " + command + " ended:\n" + log());
        }
    }

    /** Sends a signal by its name. */
    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As kill -9 does. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM, which has to end it within 5 s. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5L * Await.PATIENCE, TimeUnit.SECONDS)) {
                kill();
                throw new AssertionError("SIGTERM did not end ./dev " + command + " within 5 s:\n" + log());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
