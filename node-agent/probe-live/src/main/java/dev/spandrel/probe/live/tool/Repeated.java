package dev.spandrel.probe.live.tool;

import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.syntax.Source;
import java.io.PrintStream;
import java.util.Arrays;

/** How long a program takes from text to attached in a process that runs already. */
final class Repeated {
    private Repeated() {}

    static void run(
            Source source,
            HostFacts facts,
            Options options,
            Arch arch,
            Session.Scope scope,
            int times,
            PrintStream out) {
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
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
