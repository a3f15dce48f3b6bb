package dev.spandrel.probe.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A process that does the same work each time: it calls getppid while it waits, and works when it is told to. */
final class Load implements AutoCloseable {
    private static final String WAIT = """
            import ctypes, mmap, os, select, signal, socket, sys, threading, time
            def wait():
                print("waits", flush=True)
                while not select.select([sys.stdin], [], [], 0.02)[0]: os.getppid()
                sys.stdin.readline()
            """;
    /** Opens, writes, closes; looks for what is not there; yields. */
    static final String FILES = """
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
            """;
    /** What the tools that bpftrace comes with look for; a new program in the same process at the end. */
    static final String SYSTEM = """
            for name in "abc":
                try: open("/nonexistent/" + name)
                except OSError: pass
                try: os.stat("/nonexistent/" + name)
                except OSError: pass
            os.stat("/tmp"), os.statvfs("/tmp")
            os.kill(os.getpid(), 0)
            try: os.kill(2 ** 22 - 3, 15)
            except OSError: pass
            os.setuid(0), os.setresuid(0, 0, 0), os.setreuid(0, 0)
            for i in range(3):
                try: os.fdatasync(0)
                except OSError: pass
            time.sleep(0.002)
            nanosleep = 35 if os.uname().machine == "x86_64" else 101
            ctypes.CDLL(None).syscall(nanosleep, ctypes.byref((ctypes.c_long * 2)(0, 3000000)), None)
            for i in range(5): os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
            disk = os.open("/var/tmp/spandrel-load-%d" % os.getpid(), os.O_RDWR | os.O_CREAT | os.O_DIRECT)
            os.unlink("/var/tmp/spandrel-load-%d" % os.getpid())
            for i in range(1, 4): os.pwrite(disk, mmap.mmap(-1, i * 4096), i << 20)
            socket.getaddrinfo("127.0.0.1", 80)
            os.execv(sys.executable, ["python3", "-S", "-u", "-c", WAIT + "wait()"])
            """;

    private final Process process;
    private final BufferedReader said;
    private final String subject;

    Load(String work) throws IOException {
        this(work, "python3");
    }

    Load(String work, String python) throws IOException {
        this("", work, python);
    }

    /** @param before what is done before it waits at first; what is said then, a line, is {@link #subject} */
    static Load prepared(String before, String work) throws IOException {
        return new Load(before, work, "python3");
    }

    private Load(String before, String work, String python) throws IOException {
        String program = WAIT + "WAIT = '''" + WAIT + "'''\n" + before + "wait()\n" + work + "wait()\n";
        process = new ProcessBuilder(python, "-S", "-u", "-c", program)
                .redirectErrorStream(true)
                .start();
        said = process.inputReader();
        subject = before.isEmpty() ? "" : said.readLine();
        awaitWaiting();
    }

    private void awaitWaiting() throws IOException {
        String line = said.readLine();
        if (!"waits".equals(line)) throw new AssertionError("the load says " + line);
    }

    /** What it said before it waited. */
    String subject() {
        return subject;
    }

    long pid() {
        return process.pid();
    }

    /** Lets it work; afterwards it waits again. */
    void work() throws IOException {
        tell();
        awaitWaiting();
    }

    /** Lets it work, and does not wait. */
    void begin() throws IOException {
        tell();
    }

    /** What it says next; null when it has ended. */
    @Nullable
    String line() throws IOException {
        return said.readLine();
    }

    /** As shells count: 128 and the number of the signal that ended it. */
    int exit() throws InterruptedException {
        return process.waitFor();
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
