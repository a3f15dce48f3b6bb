package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spandrel probe run --pod}: cgroups as a kubelet lays them out, two pods that do the same, and one of them is meant. */
final class ProbeToolE2E {
    private final TestCgroup root = TestCgroup.make("kubepods");

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        root.close();
    }

    @Test
    void seesOnePodOnly() throws Exception {
        String uid = UUID.randomUUID().toString();
        TestCgroup meant = container(uid);
        TestCgroup other = container(UUID.randomUUID().toString());
        String program = "tracepoint:syscalls:sys_enter_getpgid { @[pod()] = count(); printf(\"%d\\n\", args.pid); }";
        try (DevProcess probe = DevProcess.start(
                directory, Map.of(), "spandrel", List.of("probe", "run", "--pod", uid, "-e", program))) {
            List<String> said = Collections.synchronizedList(new ArrayList<>());
            Thread reader =
                    Thread.ofVirtual().start(() -> probe.output().lines().forEach(said::add));
            // It says that it attaches before it has.
            Await.until("attached", () -> {
                probe.mustRun();
                call(meant, 1);
                return said.contains("1");
            });
            call(other, 7);
            call(meant, 2);
            Await.until("the last call", () -> said.contains("2"));
            probe.signal("INT");
            reader.join();
            assertThat(said).doesNotContain("7");
            assertThat(said.stream().filter(line -> line.startsWith("@")))
                    .containsExactly("@[" + uid + "]: "
                            + said.stream().filter(line -> line.matches("[12]")).count());
        } finally {
            meant.close();
            other.close();
        }
    }

    /** As a script does that starts it with {@code &}: SIGINT ends it all the same, and it says its last words. */
    @Test
    void sigintEndsItWhereItWasIgnored() throws Exception {
        String program = "BEGIN { printf(\"begun\\n\"); } END { printf(\"ended\\n\"); }";
        try (DevProcess probe = DevProcess.start(
                List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"),
                directory,
                Map.of(),
                "spandrel",
                List.of("probe", "run", "-q", "-e", program))) {
            assertThat(probe.output().readLine()).isEqualTo("begun");
            probe.signal("INT");
            probe.awaitEnd();
            assertThat(probe.output().lines()).contains("ended");
        }
    }

    /** A program of C with two functions, whose stack is known; read with the protocol's own classes. */
    @Test
    void stacksAreProfilesOfOtlp() throws Exception {
        Path program = compiled("""
                #include <unistd.h>
                __attribute__((noinline)) int inner(int i) { return getpgid(i) + 1; }
                __attribute__((noinline)) int outer(int i) { return inner(i) + 1; }
                int main() { for (int i = 0; i < 12; i++) outer(0); sleep(60); return 0; }
                """);
        Path output = directory.resolve("output");
        try (DevProcess probe = DevProcess.start(
                directory,
                Map.of(),
                "spandrel",
                List.of(
                        "probe",
                        "run",
                        "--output",
                        "otlp",
                        "-o",
                        output.toString(),
                        "-c",
                        program.toString(),
                        "-e",
                        "tracepoint:syscalls:sys_enter_getpgid /comm == \"stacks\"/ { @[ustack, comm] = count(); @n = count(); }"
                                + " interval:ms:50 /@n >= 12/ { exit(); }"))) {
            probe.awaitEnd();
        }
        String line = Files.readAllLines(output).stream()
                .filter(one -> one.contains("resourceProfiles"))
                .findFirst()
                .orElseThrow();
        var request = ExportProfilesServiceRequest.newBuilder();
        JsonFormat.parser().merge(line, request);
        var tables = request.getDictionary();
        var samples = request.getResourceProfiles(0)
                .getScopeProfiles(0)
                .getProfiles(0)
                .getSamplesList();
        assertThat(samples).singleElement().satisfies(one -> {
            assertThat(one.getValuesList()).containsExactly(12L);
            assertThat(tables.getStackTable(one.getStackIndex()).getLocationIndicesList().stream()
                            .map(tables::getLocationTable)
                            .filter(at -> at.getLinesCount() > 0)
                            .map(at -> at.getLines(0).getFunctionIndex())
                            .map(at -> tables.getStringTable(
                                    tables.getFunctionTable(at).getNameStrindex())))
                    .as("the C library keeps no frame pointer: its caller is passed over")
                    .containsSubsequence("getpgid", "outer", "main");
        });
    }

    private Path compiled(String source) throws Exception {
        Path file = Files.writeString(directory.resolve("stacks.c"), source);
        Path program = directory.resolve("stacks");
        Process compiler = new ProcessBuilder(
                        "clang", "-O1", "-fno-omit-frame-pointer", "-o", program.toString(), file.toString())
                .inheritIO()
                .start();
        assertThat(compiler.waitFor()).isZero();
        return program;
    }

    private TestCgroup container(String uid) {
        return root.child("kubepods/burstable/pod" + uid + "/"
                + UUID.randomUUID().toString().replace("-", "").repeat(2));
    }

    private void call(TestCgroup cgroup, int argument) {
        Process python = cgroup.start(
                directory.resolve("calls.log"),
                List.of("python3", "-S", "-c", "import os; os.getpgid(%d)".formatted(argument)));
        Await.until("the call is made", () -> !python.isAlive());
    }
}
