package dev.spandrel.probe.live.tool;

import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.live.show.CgroupOwners;
import dev.spandrel.probe.live.show.JsonOutput;
import dev.spandrel.probe.live.show.OtlpOutput;
import dev.spandrel.probe.live.show.TextOutput;
import dev.spandrel.probe.live.show.Values;
import dev.spandrel.probe.output.Compiled;
import dev.spandrel.probe.syntax.Source;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A program on the terminal, from attaching to the maps that are shown at the end. */
final class Running {
    private final Source source;
    private final Compiled compiled;
    private final HostFacts facts;
    private final Arguments.Run arguments;
    private final Session.Scope scope;
    private final Optional<Process> child;

    Running(
            Source source,
            Compiled compiled,
            HostFacts facts,
            Arguments.Run arguments,
            Session.Scope scope,
            Optional<Process> child) {
        this.scope = scope;
        this.child = child;
        this.source = source;
        this.compiled = compiled;
        this.facts = facts;
        this.arguments = arguments;
    }

    int run() throws IOException {
        OutputStream raw = arguments.output().isPresent()
                ? new FileOutputStream(arguments.output().get().toFile())
                : new FileOutputStream(java.io.FileDescriptor.out);
        try (var session = Session.load(source, compiled, facts, scope);
                var out = new PrintStream(new BufferedOutputStream(raw, 1 << 16), false, StandardCharsets.UTF_8)) {
            if (arguments.dryRun()) return 0;
            return run(session, out);
        }
    }

    /** Whatever ends it, a signal waits until everything is shown. */
    private int run(Session session, PrintStream out) throws IOException {
        var interrupted = new AtomicBoolean();
        var done = new CountDownLatch(1);
        var hook = new Thread(() -> {
            interrupted.set(true);
            await(done);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return run(session, out, interrupted);
        } finally {
            done.countDown();
        }
    }

    private int run(Session session, PrintStream out, AtomicBoolean interrupted) throws IOException {
        var values = new Values(compiled, session.maps(), facts, new CgroupOwners());
        var report = switch (arguments.form()) {
            case TEXT -> new TextOutput(out, values, session.maps());
            case JSON -> new JsonOutput(out, values, session.maps());
            case OTLP -> new OtlpOutput(out, values, session.maps(), source.name());
        };
        if (!arguments.quiet()) report.attaching(session.attachPoints());
        out.flush();
        session.start();
        for (String signal : session.signals())
            sun.misc.Signal.handle(new sun.misc.Signal(signal.substring(3)), s -> session.signalled(signal));
        if (child.isPresent()) Children.go(child.get());
        while (!interrupted.get() && session.doWork(report) && alive()) out.flush();
        session.stop(report);
        report.allMaps();
        long lost = session.maps().lost();
        if (lost > 0) report.lost(lost);
        out.flush();
        child.ifPresent(Process::destroy);
        return (int) session.exitCode();
    }

    private boolean alive() {
        boolean traced = arguments.pid().isEmpty()
                || ProcessHandle.of(arguments.pid().get()).isPresent();
        return traced && child.map(Process::isAlive).orElse(true);
    }

    private static void await(CountDownLatch done) {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
