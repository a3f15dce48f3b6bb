package dev.spandrel.probe.live.tool;

import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.syntax.Source;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;

/** How long a program takes from text to attached in a process that runs already, and how much memory. */
final class Repeated {
    private Repeated() {}

    static void run(
            Source source, HostFacts facts, Options options, Arch arch, Session.Scope scope, int times, PrintStream out)
            throws IOException {
        var attached = new double[times];
        var detached = new double[times];
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            var compiled =
                    Compiler.compile(source, facts, options, arch).compiled().orElseThrow();
            var session = Session.load(source, compiled, facts, scope);
            session.start();
            long done = System.nanoTime();
            session.close();
            attached[i] = (done - start) / 1e6;
            detached[i] = (System.nanoTime() - done) / 1e6;
        }
        out.printf(
                "attached in %.1f ms the first time; then median %.1f ms, fastest %.1f ms; detached in %.1f ms%n",
                attached[0], median(attached), Arrays.stream(attached).min().orElse(0), median(detached));
        long before = residentKib();
        var held = new ArrayList<Session>();
        for (int i = 0; i < times; i++) {
            held.add(Session.load(
                    source,
                    Compiler.compile(source, facts, options, arch).compiled().orElseThrow(),
                    facts,
                    scope));
            held.getLast().start();
        }
        long added = residentKib() - before;
        held.forEach(Session::close);
        out.printf("%d of it at once: %d KiB of resident memory each%n", times, added / times);
    }

    /** Of this process, after what is garbage has gone. */
    private static long residentKib() throws IOException {
        System.gc();
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        }
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
