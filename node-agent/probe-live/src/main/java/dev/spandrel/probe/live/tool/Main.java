package dev.spandrel.probe.live.tool;

import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.Native;
import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.session.Refusal;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.syntax.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Compiles and runs a program, or shows what it would be. */
public final class Main {
    private static final int WRONG = 1;
    private static final int USAGE = 2;

    private Main() {}

    public static void main(String[] words) throws IOException {
        System.exit(run(words));
    }

    static int run(String[] words) throws IOException {
        return switch (Arguments.parse(words)) {
            case Arguments.Wrong(var message) -> {
                System.err.println("spandrel probe: " + message);
                System.err.print(Arguments.USAGE);
                yield USAGE;
            }
            case Arguments.Help _ -> {
                System.out.print(Arguments.USAGE);
                yield 0;
            }
            case Arguments.ListPoints(var pattern, boolean verbose) -> {
                Listing.show(new HostFacts(), pattern, verbose, System.out);
                yield 0;
            }
            case Arguments.Run run -> {
                Native.prepare();
                var facts = new HostFacts();
                facts.prepare();
                yield run(run, facts);
            }
        };
    }

    private static int run(Arguments.Run arguments, HostFacts facts) throws IOException {
        Source source;
        try {
            source = arguments
                    .text()
                    .map(text -> new Source("stdin", text))
                    .orElseGet(() -> read(arguments.file().orElseThrow()));
        } catch (java.io.UncheckedIOException e) {
            System.err.println("spandrel probe: cannot read " + arguments.file().orElseThrow());
            return WRONG;
        }
        try (var agent = Agent.find(source.text(), arguments.agent())) {
            return run(arguments, facts, source, agent);
        } catch (Refusal e) {
            System.err.println(e.getMessage());
            return WRONG;
        } catch (LinkageError | BpfException e) {
            // All of libbpf is not loaded before it is needed: that would be half of a start.
            System.err.println("spandrel probe: " + said(e));
            return WRONG;
        }
    }

    /** The command of -c is there before the program is compiled, which may ask for its process id. */
    private static int run(Arguments.Run arguments, HostFacts facts, Source source, Agent agent) throws IOException {
        if (arguments.command().isEmpty()) return run(arguments, facts, source, agent, Optional.empty());
        var child = Children.prepare(arguments.command().get());
        try {
            return run(arguments, facts, source, agent, Optional.of(child));
        } finally {
            child.destroyForcibly();
        }
    }

    private static int run(
            Arguments.Run arguments, HostFacts facts, Source source, Agent agent, Optional<Process> child)
            throws IOException {
        var cgroup = arguments.pod().isPresent()
                ? Optional.of(Pods.cgroup(arguments.pod().get()))
                : arguments.cgroup();
        var options = Options.DEFAULT
                .with(arguments.parameters())
                .with(new Options.Selection(arguments.pid(), cgroup.isPresent()))
                .with(agent.requests())
                .beside(child.map(process -> (int) process.pid()))
                .allowing(arguments.unsafe());
        var arch = Arch.of(System.getProperty("os.arch"));
        var result = Compiler.compile(source, facts, options, arch);
        result.diagnostics().forEach(d -> System.err.print(d.render(source)));
        if (arguments.debug()) Passes.show(result, facts, System.out);
        if (result.compiled().isEmpty()) return WRONG;
        if (arguments.debug()) return 0;
        var scope = new Session.Scope(arguments.pid(), cgroup, agent.maps());
        if (arguments.repeat() == 0)
            return new Running(source, result.compiled().get(), facts, arguments, scope, child).run();
        Repeated.run(source, facts, options, arch, scope, arguments.repeat(), System.out);
        return 0;
    }

    private static String said(Throwable e) {
        var cause = e;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause.getMessage()
                + (Native.load() instanceof Native.Unsupported(var _, var action) ? ": " + action : "");
    }

    private static Source read(Path file) {
        try {
            return new Source(file.getFileName().toString(), Files.readString(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
