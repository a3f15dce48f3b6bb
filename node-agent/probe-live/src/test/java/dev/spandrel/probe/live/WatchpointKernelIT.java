package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory of a process, watched by the processor. */
class WatchpointKernelIT {
    /** A number that another thread, which is there before, writes too. */
    private static final String NUMBER = """
            import ctypes, threading
            number, other = ctypes.c_long(), ctypes.c_long()
            go, gone = threading.Event(), threading.Event()
            def write():
                go.wait()
                for i in range(5): number.value = i
                gone.set()
            threading.Thread(target=write, daemon=True).start()
            print(ctypes.addressof(number), flush=True)
            """;

    private static final String WRITES = """
            for i in range(7): number.value = i
            for i in range(9): other.value = i
            go.set(), gone.wait()
            """;

    @BeforeAll
    static void canRun() {
        KernelRung.require();
        KernelRung.requireWatchpoints();
    }

    @Test
    void everyWriteIsSeenInEachThread(@TempDir Path folder) throws IOException, InterruptedException {
        try (var load = Load.prepared(NUMBER, WRITES)) {
            String program =
                    "watchpoint:0x%x:8:w { @writes[tid == pid] = count(); }".formatted(Long.parseLong(load.subject()));
            try (var ours = Tracer.ours(program, load.pid(), folder, "text", "-p", Long.toString(load.pid()))) {
                ours.awaitMarks();
                load.work();
                ours.awaitMarks();
                assertThat(ours.finish(load.pid())).contains("@writes[0]: 5\n@writes[1]: 7");
            }
        }
    }

    /** The hardware has no watch for reads alone. */
    @Test
    void readsAreSeenWithWrites(@TempDir Path folder) throws IOException, InterruptedException {
        String reads = "for i in range(11): number.value\n";
        try (var load = Load.prepared(NUMBER, reads)) {
            String program = "watchpoint:0x%x:8:rw { @ = count(); }".formatted(Long.parseLong(load.subject()));
            try (var ours = Tracer.ours(program, load.pid(), folder, "text", "-p", Long.toString(load.pid()))) {
                ours.awaitMarks();
                load.work();
                ours.awaitMarks();
                assertThat(ours.finish(load.pid())).contains("@: 11");
            }
            String alone = program.replace(":rw", ":r");
            try (var ours = Tracer.ours(alone, load.pid(), folder, "text", "-p", Long.toString(load.pid()))) {
                assertThat(ours.ended(load.pid())).contains("what is watched for is w, rw or x");
            }
        }
    }

    @Test
    void aFunctionIsSeenWhenItRuns(@TempDir Path folder) throws IOException, InterruptedException {
        String function =
                "libc = ctypes.CDLL(None)\nprint(ctypes.cast(libc.getuid, ctypes.c_void_p).value, flush=True)\n";
        try (var load = Load.prepared("import ctypes\n" + function, "for i in range(6): libc.getuid()\n")) {
            int bytes = System.getProperty("os.arch").equals("aarch64") ? 4 : 8;
            String program = "watchpoint:0x%x:%d:x { @ = count(); }".formatted(Long.parseLong(load.subject()), bytes);
            try (var ours = Tracer.ours(program, load.pid(), folder, "text", "-p", Long.toString(load.pid()))) {
                ours.awaitMarks();
                load.work();
                ours.awaitMarks();
                assertThat(ours.finish(load.pid())).contains("@: 6");
            }
        }
    }
}
