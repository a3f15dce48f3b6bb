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
}
