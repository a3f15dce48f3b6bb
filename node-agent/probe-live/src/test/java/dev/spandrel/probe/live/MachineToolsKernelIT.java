package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tools that look at the whole machine, each narrowed to what its load does; bpftrace and ours look at the same time. */
class MachineToolsKernelIT {
    /**
     * @param before what the load does before it is looked at
     * @param only the predicate that each probe gets
     * @param seen what says that the load was seen
     * @param steady what is the same whoever looks
     */
    record Tool(String name, String before, String work, String only, String seen, UnaryOperator<String> steady) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Two clocks with a phase of their own, or two programs that read the clock one after the other. */
    private static final double APART = 0.3;

    private static final Pattern BUCKET = Pattern.compile("(?m)^(\\[\\S+(?: \\S+)?)\\s+(\\d+) \\|@*\\s*\\|\\n");
    private static final Pattern PER_SECOND = Pattern.compile("TIME PIDs/sec: @: (\\d+)\\n");
    private static final String NOTHING = "print(0, flush=True)\n";

    @BeforeAll
    static void canRun() {
        KernelRung.require();
        KernelRung.requireBpftrace();
    }

    static Stream<Tool> exact() {
        String self = "pid == PID";
        return Stream.of(
                new Tool("tcpdrop", MachineLoads.NETWORK, MachineLoads.DROPS, self, ":7001", t -> t),
                new Tool("bashreadline", MachineLoads.TERMINAL, MachineLoads.TYPES, "pid == SUBJECT", "two", t -> t),
                new Tool(
                        "sslsnoop",
                        MachineLoads.TLS,
                        MachineLoads.TALKS,
                        self,
                        " SSL_read",
                        t -> withoutTimes(t.replace(" 4294967295 ", "    -1 "))),
                new Tool(
                        "ssllatency",
                        MachineLoads.TLS,
                        MachineLoads.TALKS,
                        self,
                        "count 5",
                        MachineToolsKernelIT::countsOfFunctions),
                new Tool(
                        "writeback",
                        MachineLoads.DISK,
                        MachineLoads.SYNC,
                        "args->sb_dev == SUBJECT",
                        "sync",
                        t -> t.replaceAll("(?m) +\\d+\\.\\d{3}$", " MS")),
                new Tool(
                        "pidpersec",
                        NOTHING,
                        MachineLoads.FORKS,
                        self,
                        "PIDs/sec: @: 0",
                        MachineToolsKernelIT::summed));
    }

    /** Histograms of what each measures for itself. */
    static Stream<Tool> near() {
        return Stream.of(
                new Tool("cpuwalk", NOTHING, MachineLoads.ONE_CPU, "pid == PID", "[1, 2)", t -> t),
                new Tool("runqlat", NOTHING, MachineLoads.SLEEPS, "WOKEN", "[1", t -> t));
    }

    @ParameterizedTest
    @MethodSource("exact")
    void saysWhatBpftraceSays(Tool tool, @TempDir Path folder) throws IOException, InterruptedException {
        var said = said(tool, folder);
        assertThat(said.ours()).isEqualTo(said.theirs());
    }

    @ParameterizedTest
    @MethodSource("near")
    void measuresWhatBpftraceMeasures(Tool tool, @TempDir Path folder) throws IOException, InterruptedException {
        var said = said(tool, folder);
        assertThat(BUCKET.matcher(said.ours()).replaceAll(""))
                .isEqualTo(BUCKET.matcher(said.theirs()).replaceAll(""));
        var ours = buckets(said.ours());
        var theirs = buckets(said.theirs());
        long all = theirs.values().stream().mapToLong(n -> n).sum();
        long apart = Stream.concat(ours.keySet().stream(), theirs.keySet().stream())
                .distinct()
                .mapToLong(b -> Math.abs(ours.getOrDefault(b, 0L) - theirs.getOrDefault(b, 0L)))
                .sum();
        assertThat((double) apart / all).as(ours + " and " + theirs).isLessThan(APART);
    }

    private record Said(String theirs, String ours) {}

    private static Said said(Tool tool, Path folder) throws IOException, InterruptedException {
        String text = Files.readString(Path.of("/usr/sbin", tool.name() + ".bt"));
        try (var load = Load.prepared(tool.before(), tool.work())) {
            String program = narrowed(text, tool.only()).replace("SUBJECT", load.subject());
            try (var theirs = Tracer.bpftrace(program, load.pid(), folder);
                    var ours = Tracer.ours(program, load.pid(), folder)) {
                theirs.awaitMarks();
                ours.awaitMarks();
                load.work();
                theirs.awaitMarks();
                ours.awaitMarks();
                load.end();
                String expected = steady(tool, theirs.finish(load.pid()));
                assertThat(expected).contains(tool.seen());
                return new Said(expected, steady(tool, ours.finish(load.pid())));
            }
        }
    }

    /** Without what ours says of functions that are left out. */
    private static String steady(Tool tool, String text) {
        return tool.steady()
                .apply(text.substring(text.indexOf("Attaching")).replaceAll("\\d\\d:\\d\\d:\\d\\d", "TIME"));
    }

    /** bpftrace finds the constants in the headers of the kernel that runs, and refuses a program without them. */
    private static String narrowed(String text, String only) {
        return ToolsKernelIT.restricted(text, only)
                .replace("sched_wakeup_new\n/WOKEN/", "sched_wakeup_new\n/args->pid == PID/")
                .replace("sched_switch\n/WOKEN/", "sched_switch\n/args->prev_pid == PID || args->next_pid == PID/")
                .replace("TASK_RUNNING", "0")
                .replace("AF_INET6", "10")
                .replace("AF_INET", "2");
    }

    private static String withoutTimes(String text) {
        return text.replaceAll("(?m)^\\d+ +(?=PID )", "US ").replaceAll("(?m)python3 +\\d+ ", "python3 US ");
    }

    /** Counts by result alone: bpftrace 0.17 shows a function that is a key by its address, and keys are in the order of latencies. */
    private static String countsOfFunctions(String text) {
        return BUCKET.matcher(text)
                .replaceAll("")
                .lines()
                .map(l -> l.replaceAll("\\[(0x\\w+|[A-Z]\\w+)]", "[FUNCTION]").replaceAll(", average.*", ""))
                .filter(l -> !l.isEmpty())
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    /** Seconds begin when a tracer does, so it is their sum that is the same. */
    private static String summed(String text) {
        long all = PER_SECOND
                .matcher(text)
                .results()
                .mapToLong(m -> Long.parseLong(m.group(1)))
                .sum();
        boolean idle = text.contains("TIME PIDs/sec: @: 0\n");
        return PER_SECOND.matcher(text).replaceAll("") + "\nPIDs: " + all + (idle ? ", PIDs/sec: @: 0" : "");
    }

    private static Map<String, Long> buckets(String text) {
        var found = new LinkedHashMap<String, Long>();
        BUCKET.matcher(text).results().forEach(m -> found.put(m.group(1), Long.parseLong(m.group(2))));
        return found;
    }
}
