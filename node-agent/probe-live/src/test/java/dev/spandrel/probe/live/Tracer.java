package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** bpftrace or ours, running one program; its output goes to a file. */
final class Tracer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MARK = "probe is attached";
    /** Attached first and last: when both have been seen, everything is attached. */
    private static final String READY =
            "tracepoint:syscalls:sys_enter_getppid /pid == PID/ { printf(\"%s %s\\n\", \"WHICH\", \"" + MARK
                    + "\"); }\n";

    private final Process process;
    private final Path output;

    private Tracer(List<String> command, Path output) throws IOException {
        this.output = output;
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    static Tracer bpftrace(String program, long pid, Path folder) throws IOException {
        return bpftrace(program, pid, folder, "text");
    }

    /** @param form text or json */
    static Tracer bpftrace(String program, long pid, Path folder, String form) throws IOException {
        var mounted = "mount -t debugfs none /sys/kernel/debug 2>/dev/null; exec bpftrace \"$@\"";
        return new Tracer(
                List.of("unshare", "-m", "sh", "-c", mounted, "sh", "-f", form, write(program, pid, folder)),
                folder.resolve("bpftrace.out"));
    }

    static Tracer ours(String program, long pid, Path folder) throws IOException {
        return ours(program, pid, folder, "text");
    }

    static Tracer ours(String program, long pid, Path folder, String form, String... options) throws IOException {
        var command = new ArrayList<>(tool());
        command.addAll(List.of("run", "-f", form));
        command.addAll(List.of(options));
        command.add(write(program, pid, folder));
        return new Tracer(command, folder.resolve("ours.out"));
    }

    /** What a command says while our tool runs it and one program looks at it. */
    static String running(String program, String command) throws IOException, InterruptedException {
        var line = new ArrayList<>(tool());
        line.addAll(List.of("run", "-q", "-e", program, "-c", command));
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** What our tool says of one process until it ends by itself. */
    static String alone(String program, long pid) throws IOException, InterruptedException {
        var line = new ArrayList<>(tool());
        line.addAll(List.of("run", "-q", "-p", Long.toString(pid), "-e", program));
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static List<String> tool() {
        return List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.spandrel.probe.live.tool.Main");
    }

    private static String write(String program, long pid, Path folder) throws IOException {
        String whole = READY.replace("WHICH", "first") + program + "\n" + READY.replace("WHICH", "last");
        return Files.writeString(folder.resolve("program.bt"), whole.replace("PID", Long.toString(pid)))
                .toString();
    }

    /** Until both marks have been said once more: what was said before them has come, too. */
    void awaitMarks() throws IOException, InterruptedException {
        long first = marks("first");
        long last = marks("last");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (marks("first") <= first || marks("last") <= last) {
            if (!process.isAlive() || System.nanoTime() > end) throw new AssertionError(Files.readString(output));
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private long marks(String which) throws IOException {
        return Files.readAllLines(output).stream()
                .filter(line -> line.contains(which + " " + MARK))
                .count();
    }

    /** Sends a signal by its name. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Ends it as Ctrl-C does, and gives what it said of the load. */
    String finish(long pid) throws IOException, InterruptedException {
        process.destroy();
        return ended(pid);
    }

    /** Waits until it has ended, and gives what it said of the load. */
    String ended(long pid) throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
            throw new AssertionError(Files.readString(output));
        var kept = new ArrayList<String>();
        for (String line : Files.readAllLines(output))
            if (!line.contains(MARK) && !line.contains("RLIMIT_MEMLOCK")) kept.add(line);
        return String.join("\n", kept).replace(Long.toString(pid), "PID");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
