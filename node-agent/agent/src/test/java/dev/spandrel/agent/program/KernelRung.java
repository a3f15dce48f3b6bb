package dev.spandrel.agent.program;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Says why a kernel test cannot run here; with CI=true that is a failure. Knows the objects to test with. */
public final class KernelRung {
    /** Compiled by this run: what an earlier one left may be of other headers. */
    private static final Set<Backend> STUBS = EnumSet.noneOf(Backend.class);

    private KernelRung() {}

    public static Backend.Choice require(Backend backend) {
        var choice = Backend.force(backend);
        if (choice instanceof Backend.Choice.None(var reason)) cannotRun(backend.id() + ": " + reason);
        return choice;
    }

    /** The real objects; where bpf/ has not been built, the test says so. */
    public static byte[] real(Backend backend) {
        if (Sensors.class.getResource(Sensors.resource(backend)) == null) cannotRun("the BPF objects are not built");
        return Sensors.packaged(backend);
    }

    /** Maps and names only, without tracing. */
    public static byte[] stub(Backend backend) {
        var object = Path.of("target", "stub_" + backend.id() + ".bpf.o");
        try {
            if (STUBS.add(backend)) compile(Path.of("src/test/bpf/stub.bpf.c"), object, backend, List.of());
            return Files.readAllBytes(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Like the stub, and a mkdir of a cgroup by this process emits so many exchanges. */
    public static byte[] emitter(Backend backend, int records) {
        var object = Path.of("target", "emitter_" + backend.id() + ".bpf.o");
        try {
            Files.deleteIfExists(object);
            var defines = List.of(
                    "-DEMITTER_PID=" + ProcessHandle.current().pid(), "-DRECORDS=" + records, "-DRING_BYTES=8388608");
            compile(Path.of("src/test/bpf/emitter.bpf.c"), object, backend, defines);
            return Files.readAllBytes(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ids of the programs that are in the kernel, of all that `ours` names. */
    public static List<Integer> alive(Stream<Integer> ours) {
        var listed = run(List.of("bpftool", "prog", "list"));
        return ours.filter(id -> listed.orElse("").lines().anyMatch(line -> line.startsWith(id + ":")))
                .toList();
    }

    private static void compile(Path source, Path object, Backend backend, List<String> defines) {
        var arm = System.getProperty("os.arch").equals("aarch64");
        var command = new ArrayList<>(List.of(
                "clang",
                "-target",
                "bpf",
                "-g",
                "-O2",
                "-D" + backend.name().toUpperCase(Locale.ROOT),
                "-I/usr/include/" + (arm ? "aarch64" : "x86_64") + "-linux-gnu",
                "-I../../bpf/include",
                "-I../../bpf/build/include",
                "-c",
                source.toString(),
                "-o",
                object.toString()));
        command.addAll(defines);
        var said = run(command);
        if (said.isEmpty()) cannotRun("clang is missing: apt-get install clang libbpf-dev");
        if (!Files.exists(object)) throw new AssertionError(said.get());
    }

    /** What it said; empty if there is no such command. */
    private static Optional<String> run(List<String> command) {
        try {
            var running = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(running.getInputStream().readAllBytes());
            running.waitFor();
            return Optional.of(said);
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void cannotRun(String why) {
        if ("true".equals(System.getenv("CI"))) throw new AssertionError("this rung should run in CI, but " + why);
        abort("kernel tests cannot run here: " + why);
    }
}
