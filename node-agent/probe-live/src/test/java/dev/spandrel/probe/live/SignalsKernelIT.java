package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals that a program sends to a process that the test started, and to its threads. */
class SignalsKernelIT {
    /** Its second thread calls sched_yield; each signal that comes is told with the thread that got it. */
    private static final String WORK = """
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGUSR2})
            said = []
            def yields():
                os.sched_yield()
                for wanted in (signal.SIGUSR1, signal.SIGUSR2):
                    got = signal.sigtimedwait({wanted}, 5)
                    said.append("%s in the thread" % wanted.name if got else "no %s" % wanted.name)
            thread = threading.Thread(target=yields)
            thread.start(); thread.join()
            print(", ".join(said), flush=True)
            os.getuid()
            time.sleep(5)
            print("still there", flush=True)
            """;

    private static final String PROGRAM = """
            tracepoint:syscalls:sys_enter_sched_yield /pid == PID/ { signal("SIGUSR1"); signal_thread(12); }
            tracepoint:syscalls:sys_enter_getuid /pid == PID/ { signal("KILL"); }
            """;

    @BeforeAll
    static void canRun() {
        KernelRung.require();
    }

    @Test
    void reachTheProcessAndTheThread(@TempDir Path folder) throws IOException, InterruptedException {
        try (var load = new Load(WORK);
                var tracer = Tracer.ours(PROGRAM, load.pid(), folder, "text", "--unsafe")) {
            tracer.awaitMarks();
            load.begin();
            assertThat(load.line()).isEqualTo("SIGUSR1 in the thread, SIGUSR2 in the thread");
            assertThat(load.line()).as("it is killed at getuid").isNull();
            assertThat(load.exit()).isEqualTo(128 + 9);
        }
    }

    @Test
    void areOffUnlessAllowed(@TempDir Path folder) throws IOException, InterruptedException {
        try (var load = new Load(WORK);
                var tracer = Tracer.ours(PROGRAM, load.pid(), folder)) {
            assertThat(tracer.ended(load.pid()))
                    .contains("error: signal() changes what it looks at, and is off")
                    .contains("error: signal_thread() changes what it looks at, and is off")
                    .contains("hint: allow it with --unsafe");
        }
    }
}
