package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.syntax.Diagnostic;
import dev.spandrel.probe.syntax.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tools that bpftrace comes with, as they are installed. */
class ToolsKernelIT {
    private static final Path INSTALLED = Path.of("/usr/sbin");
    /** What a tool says of the load where that is not its process. */
    private static final Map<String, String> SEEN = Map.of("bitesize", "@[python3]", "syscount", "@process[python3]");

    @BeforeAll
    static void canRun() {
        KernelRung.require();
        KernelRung.requireBpftrace();
    }

    /** The kernel's verifier takes each that needs no kernel function; the others are refused with that reason. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bashreadline", "bitesize", "cpuwalk", "execsnoop", "gethostlatency", "killsnoop", "naptime",
                        "opensnoop", "pidpersec",
                "runqlat", "setuids", "ssllatency", "sslsnoop", "statsnoop", "syncsnoop", "syscount", "tcpdrop",
                        "writeback"
            })
    void loads(String tool) throws IOException {
        var source = source(tool);
        var facts = new HostFacts();
        var result = Compiler.compile(source, facts, Options.DEFAULT, Arch.of(System.getProperty("os.arch")));
        assertThat(result.diagnostics())
                .filteredOn(d -> d.severity() == Diagnostic.Severity.ERROR)
                .isEmpty();
        var scope = new Session.Scope(Optional.empty(), Optional.empty());
        try (var session = Session.load(source, result.compiled().orElseThrow(), facts, scope)) {
            assertThat(session.attachPoints()).isPositive();
        }
    }

    @Test
    void needsKernelFunctions() throws IOException {
        var source = source("vfsstat");
        var result = Compiler.compile(source, new HostFacts(), Options.DEFAULT, Arch.X86_64);
        assertThat(result.compiled()).isEmpty();
        assertThat(result.diagnostics().getFirst().message()).startsWith("kprobe: ");
    }

    /** Each sees one load alone, by a predicate that both get. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bitesize",
                "execsnoop",
                "gethostlatency",
                "killsnoop",
                "naptime",
                "opensnoop",
                "setuids",
                "statsnoop",
                "syncsnoop",
                "syscount"
            })
    void saysWhatBpftraceSays(String tool, @TempDir Path folder) throws IOException, InterruptedException {
        String program = restricted(source(tool).text(), "pid == PID");
        try (var load = new Load(Load.SYSTEM);
                var theirs = Tracer.bpftrace(program, load.pid(), folder);
                var ours = Tracer.ours(program, load.pid(), folder)) {
            theirs.awaitMarks();
            ours.awaitMarks();
            load.work();
            theirs.awaitMarks();
            ours.awaitMarks();
            load.end();
            String expected = steady(theirs.finish(load.pid()));
            assertThat(expected).contains(SEEN.getOrDefault(tool, "PID "));
            assertThat(steady(ours.finish(load.pid()))).isEqualTo(expected);
        }
    }

    private static Source source(String tool) throws IOException {
        return new Source(tool + ".bt", Files.readString(INSTALLED.resolve(tool + ".bt")));
    }

    /** Without times of day and durations, without what the load does while it waits, and without rare system calls: ten are shown, and those of the waiting are or are not among them. */
    private static String steady(String text) {
        return text.replaceAll("\\d\\d:\\d\\d:\\d\\d", "TIME")
                .replaceAll("(?m)^\\d+ +(?=PID )", "MS ")
                .replaceAll("(?m)^(TIME  PID +python3 +)\\d+ ", "$1MS ")
                .replaceAll("(?m)^@syscall\\[(23|72|110|173|270)]: \\d+\\n", "")
                .replaceAll("(?m)^@syscall\\[\\d+]: [1-3]?\\d\\n", "")
                .replaceAll("(?m)^@process\\[python3]: \\d+$", "@process[python3]: N");
    }

    /** Adds the predicate to each probe that stands on lines of its own, as in all of these tools; headers are not needed where types come from BTF. */
    static String restricted(String text, String only) {
        var lines = new ArrayList<String>();
        boolean everywhere = false;
        for (String line : text.split("\n")) {
            if (line.startsWith("#")) continue; // they stand in front of all probes, and the marks do
            if (line.matches("BEGIN|END|interval:.*")) everywhere = true;
            String last = lines.isEmpty() ? "" : lines.getLast();
            if (line.equals("{") && !everywhere) {
                if (last.matches("/.*/"))
                    lines.set(
                            lines.size() - 1,
                            "/((uint64)(" + last.substring(1, last.length() - 1) + ")) && (" + only + ")/");
                else lines.add("/" + only + "/");
            }
            if (line.equals("}")) everywhere = false;
            lines.add(line);
        }
        return String.join("\n", lines);
    }
}
