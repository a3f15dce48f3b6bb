package dev.spandrel.ebpf;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says why a kernel test cannot run here; with CI=true that is a failure. Builds the tests' own BPF object. */
final class KernelRung {
    private KernelRung() {}

    static void require() {
        if (Native.load() instanceof Native.Unsupported(var reason, var action)) cannotRun(reason + ": " + action);
        if (Features.capabilities() instanceof Feature.Unsupported missing) cannotRun(missing.toString());
        if (Features.detect().btf() instanceof Feature.Unsupported missing) cannotRun(missing.toString());
    }

    static byte[] sample() throws IOException, InterruptedException {
        var object = Path.of("target", "sample.bpf.o");
        if (!Files.exists(object)) compile(Path.of("src/test/bpf/sample.bpf.c"), object);
        return Files.readAllBytes(object);
    }

    private static void compile(Path source, Path object) throws IOException, InterruptedException {
        var include = "/usr/include/" + (Libc.isArm() ? "aarch64" : "x86_64") + "-linux-gnu";
        var clang = new ProcessBuilder(
                        "clang",
                        "-target",
                        "bpf",
                        "-g",
                        "-O2",
                        "-I" + include,
                        "-c",
                        source.toString(),
                        "-o",
                        object.toString())
                .redirectErrorStream(true);
        try {
            var running = clang.start();
            var said = new String(running.getInputStream().readAllBytes());
            if (running.waitFor() != 0) throw new AssertionError(said);
        } catch (IOException e) {
            cannotRun("clang is missing: apt-get install clang libbpf-dev");
        }
    }

    private static void cannotRun(String why) {
        if ("true".equals(System.getenv("CI"))) throw new AssertionError("this rung should run in CI, but " + why);
        abort("kernel tests cannot run here: " + why);
    }
}
