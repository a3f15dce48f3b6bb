package dev.spandrel.probe.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A process that does the same work each time: it calls getppid while it waits, and works when it is told to. */
final class Load implements AutoCloseable {
    private static final String WORK = """
            import os, select, sys
            def wait():
                print("waits", flush=True)
                while not select.select([sys.stdin], [], [], 0.02)[0]: os.getppid()
                sys.stdin.readline()
            wait()
            for i in range(50):
                fd = os.open("/dev/null", os.O_RDWR)
                os.write(fd, b"x" * (i * 10))
                os.close(fd)
            for i in range(7):
                for times in range(i + 2):
                    try: os.stat("/nonexistent/%d" % i)
                    except OSError: pass
            try: os.open("/does/not/exist", os.O_RDONLY)
            except OSError: pass
            for i in range(20): os.sched_yield()
            wait()
            """;

    private final Process process;
    private final BufferedReader said;

    Load() throws IOException {
        process = new ProcessBuilder("python3", "-S", "-u", "-c", WORK)
                .redirectErrorStream(true)
                .start();
        said = process.inputReader();
        awaitWaiting();
    }

    private void awaitWaiting() throws IOException {
        String line = said.readLine();
        if (!"waits".equals(line)) throw new AssertionError("the load says " + line);
    }

    long pid() {
        return process.pid();
    }

    /** Lets it work; afterwards it waits again. */
    void work() throws IOException {
        tell();
        awaitWaiting();
    }

    void end() throws IOException, InterruptedException {
        tell();
        process.waitFor();
    }

    private void tell() throws IOException {
        process.getOutputStream().write("go\n".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
