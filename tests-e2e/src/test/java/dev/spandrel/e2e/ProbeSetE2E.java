package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.e2e.OtlpSink.Arrived;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kubectl apply of a ProbeSet: what its programs see in this kernel, at a receiver of OTLP, and what is left when it goes. */
final class ProbeSetE2E {
    /** Nothing else on the machine calls it so with this argument. */
    private static final String PROGRAM = """
            tracepoint:syscalls:sys_enter_getpgid {
              @calls[comm] = count();
              @size = hist(args.pid);
              printf("getpgid(%d) by %s", args.pid, comm);
            }
            """;

    private static final int ARGUMENT = 1;

    private final OtlpSink sink = new OtlpSink();
    private OneNode node;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        node = new OneNode(directory, "shop", sink.environment());
    }

    @AfterEach
    void stop() {
        node.close();
        sink.close();
    }

    @Test
    void appliedEditedBrokenAndDeleted() {
        String other = node.namespace() + "-other";
        node.tryCreateNamespace(other);
        try (PodFixture stranger = node.elsewhere(other)) {
            apply("pgid", PROGRAM, "");
            awaitReady("pgid");
            assertThat(node.kubectl("get", "pset", "pgid", "--no-headers").split(" +"))
                    .startsWith("pgid", "True", "Programmed", "1/1", "1");
            call(stranger, 50);
            call(node.pod(), 30);
            awaitCount(30);
            Arrived<Metric> size = last("pgid.size");
            ExponentialHistogramDataPoint point =
                    size.what().getExponentialHistogram().getDataPoints(0);
            assertThat(point.getCount()).isEqualTo(30);
            assertThat(point.getSum()).isEqualTo(30 * ARGUMENT);
            assertThat(size.resource()).containsEntry("k8s.pod.name", node.pod().name());
            assertThat(sink.metrics("pgid.calls"))
                    .as("only the selected pod's")
                    .allSatisfy(one -> assertThat(one.resource())
                            .containsEntry("k8s.namespace.name", node.namespace())
                            .containsEntry("k8s.pod.name", node.pod().name())
                            .containsEntry("k8s.container.name", "web"));
            Await.until("each call printed", () -> sink.logs().size() >= 30);
            assertThat(sink.logs()).hasSize(30).allSatisfy(this::isOfThePod);

            // What was gathered stays: one more map, and the others go on.
            apply("pgid", PROGRAM.replace("printf", "@more = count(); printf"), "");
            awaitReady("pgid");
            call(node.pod(), 12);
            awaitCount(42);
            assertThat(point(last("pgid.more")).getAsInt()).isEqualTo(12);
            assertThat(last("pgid.size")
                            .what()
                            .getExponentialHistogram()
                            .getDataPoints(0)
                            .getCount())
                    .isEqualTo(42);

            // What no kernel can run is refused with its place, and what ran runs on.
            apply("pgid", PROGRAM.replace("args.pid)", "args.pidd)"), "");
            node.kubectl("wait", "--for=condition=Accepted=false", "pset/pgid", "--timeout=60s");
            assertThat(node.kubectl("get", "pset", "pgid", "-o", "jsonpath={.status.probes[0].errors[0]}"))
                    .contains("\"line\":3", "\"column\":16", "pidd");
            call(node.pod(), 5);
            awaitCount(47);

            // As is what reads more than a namespace's processes.
            apply("pgid", PROGRAM.replace("args.pid)", "curtask->pid)"), "");
            Await.until("refused", () -> errors("pgid").contains("this reads the kernel's memory"));
            call(node.pod(), 3);
            awaitCount(50);

            node.kubectl("delete", "pset", "pgid");
            Await.until(
                    "nothing attached by the agent",
                    () -> BpfHeld.by(node.agent()).links().isEmpty());
            // Those of the data path are ready where a policy is in the cluster, whoever's it is.
            Await.until(
                    "no program of it",
                    () -> BpfHeld.by(node.agent()).programNames().stream().allMatch(name -> name.startsWith("sp_")));
        }
    }

    private String errors(String name) {
        return node.kubectl("get", "pset", name, "-o", "jsonpath={.status.probes[0].errors}");
    }

    private void isOfThePod(Arrived<LogRecord> one) {
        assertThat(one.resource()).containsEntry("k8s.pod.name", node.pod().name());
        assertThat(one.scope()).isEqualTo("dev.spandrel.probe/" + node.namespace() + "/pgid/pgid");
        assertThat(one.what().getBody().getStringValue()).isEqualTo("getpgid(1) by python3");
        assertThat(OtlpSink.attributes(one.what().getAttributesList())).containsKeys("process.pid", "thread.id");
    }

    @Test
    void countedStacksArriveAsAProfileOfThePod() {
        apply(
                "stacks",
                "tracepoint:syscalls:sys_enter_getpgid { @[ustack] = count(); }",
                ", export: {as: getpgid.calls, unit: '{call}'}");
        awaitReady("stacks");
        call(node.pod(), 40);
        Await.until("40 calls in profiles", () -> calls() == 40);
        var request = sink.profiles().getFirst();
        var tables = request.getDictionary();
        var profile = request.getResourceProfiles(0);
        assertThat(OtlpSink.attributes(profile.getResource().getAttributesList()))
                .containsEntry("k8s.pod.name", node.pod().name())
                .containsEntry("k8s.container.name", "web");
        var type = profile.getScopeProfiles(0).getProfiles(0).getSampleType();
        assertThat(tables.getStringTable(type.getTypeStrindex())).isEqualTo("getpgid.calls");
        assertThat(tables.getStringTable(type.getUnitStrindex())).isEqualTo("{call}");
        assertThat(sink.metrics("getpgid.calls")).isEmpty();
    }

    /** Compiled by clang, kept in a ConfigMap; the kernel's door to it is open to the selected pod alone. */
    @Test
    void anObjectOfAConfigMapIsAProbe() throws Exception {
        applyObject(object(121), "nothing");
        node.kubectl("wait", "--for=condition=Accepted=false", "pset/object", "--timeout=60s");
        assertThat(node.kubectl("get", "pset", "object", "-o", "jsonpath={.status.probes[0].errors[0].message}"))
                .startsWith(
                        "there is no ConfigMap object with the label spandrel.dev/bpf-objects=true that has nothing");
        applyObject(object(121), "calls.o");
        Await.until("the confined one's helpers", () -> errors("object").contains("it calls the kernel's helper 113"));
        applyObject(object(121, "-DCONFINED"), "calls.o");
        awaitReady("object");
        String other = node.namespace() + "-other";
        node.tryCreateNamespace(other);
        try (PodFixture stranger = node.elsewhere(other)) {
            call(stranger, 9);
        }
        call(node.pod(), 25);
        Await.until("25 calls of the object", () -> lastOf("object.calls").equals(Optional.of(25L)));
        Arrived<Metric> metric = last("object.calls");
        assertThat(metric.resource()).containsEntry("k8s.pod.name", node.pod().name());
        assertThat(OtlpSink.attributes(point(metric).getAttributesList()))
                .containsEntry("comm", "python3")
                .containsEntry("argument", "1");
        // Another object under the same name is checked and attached anew.
        applyObject(object(1, "-DCONFINED"), "calls.o");
        Await.until("counted from the beginning", () -> {
            call(node.pod(), 1);
            return lastOf("object.calls").filter(count -> count < 25).isPresent();
        });
    }

    private String object(int number, String... defines) throws Exception {
        Path object = directory.resolve("calls.bpf.o");
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        List<String> command = new ArrayList<>(List.of(
                "clang",
                "-target",
                "bpf",
                "-g",
                "-O2",
                "-D__TARGET_ARCH_" + (arm ? "arm64" : "x86"),
                "-DNUMBER=" + number,
                "-I/usr/include/" + (arm ? "aarch64" : "x86_64") + "-linux-gnu",
                "-c",
                "../node-agent/agent/src/test/bpf/calls.bpf.c",
                "-o",
                object.toString()));
        command.addAll(List.of(defines));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        return Base64.getEncoder().encodeToString(Files.readAllBytes(object));
    }

    private void applyObject(String base64, String key) {
        node.applyAll("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: object, namespace: %1$s, labels: {spandrel.dev/bpf-objects: "true"}}
                binaryData: {calls.o: %2$s}
                ---
                apiVersion: spandrel.dev/v1alpha1
                kind: ProbeSet
                metadata: {name: object, namespace: %1$s}
                spec:
                  podSelector: {matchLabels: {app: shop}}
                  probes:
                  - {name: object, object: {configMap: {name: object, key: %3$s}}}
                """.formatted(node.namespace(), base64, key));
    }

    private Optional<Long> lastOf(String name) {
        List<Arrived<Metric>> all = sink.metrics(name);
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(all.getLast().what().getSum().getDataPoints(0).getAsInt());
    }

    private long calls() {
        return sink.profiles().stream()
                .flatMap(request -> request.getResourceProfilesList().stream())
                .flatMap(resource -> resource.getScopeProfilesList().stream())
                .flatMap(scope -> scope.getProfilesList().stream())
                .flatMap(profile -> profile.getSamplesList().stream())
                .mapToLong(sample -> sample.getValues(0))
                .sum();
    }

    @Test
    void whatTakesMoreThanItMayIsStopped() {
        apply("greedy", "rawtracepoint:sys_enter { @[comm] = count(); }", ", limits: {cpu: 0.001%}");
        awaitReady("greedy");
        try (var load = new Running(node.pod()
                .container()
                .start(
                        directory.resolve("load.log"),
                        List.of("python3", "-c", "import os\nwhile True: os.getppid()")))) {
            node.kubectl(
                    "wait",
                    "--for=jsonpath={.status.conditions[?(@.type==\"Programmed\")].reason}=OverBudget",
                    "pset/greedy",
                    "--timeout=60s");
        }
        assertThat(node.kubectl("get", "pset", "greedy", "-o", "jsonpath={.status.probes[0].message}"))
                .contains("of a CPU, and its limit is 0.001%");
        assertThat(BpfHeld.by(node.agent()).links()).isEmpty();
    }

    @Test
    void anAgentThatIsKilledLeavesNothingAndItsSuccessorGoesOn() {
        apply("pgid", PROGRAM, "");
        awaitReady("pgid");
        BpfHeld held = BpfHeld.by(node.agent());
        assertThat(held.links()).isNotEmpty();
        node.killAgent();
        Await.until(
                "no program left of " + held.programs(),
                () -> BpfHeld.stillThere(held.programs()).isEmpty());
        Await.until(
                "no link left of " + held.links(),
                () -> BpfHeld.linksStillThere(held.links()).isEmpty());
        node.startAgent();
        Await.until("attached again", () -> !BpfHeld.by(node.agent()).links().isEmpty());
        call(node.pod(), 3);
        awaitCount(3);
    }

    private record Running(Process process) implements AutoCloseable {
        @Override
        public void close() {
            process.destroy();
        }
    }

    private void apply(String name, String program, String more) {
        node.applyAll("""
                apiVersion: spandrel.dev/v1alpha1
                kind: ProbeSet
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  podSelector: {matchLabels: {app: shop}}
                  probes:
                  - {name: %1$s, program: "%3$s"%4$s}
                """.formatted(
                        name, node.namespace(), program.replace("\"", "\\\"").replace("\n", "\\n"), more));
    }

    /** Of what was applied last, that is: an older generation's Ready is none. */
    private void awaitReady(String name) {
        String generation = node.kubectl("get", "pset", name, "-o", "jsonpath={.metadata.generation}");
        node.kubectl(
                "wait", "--for=jsonpath={.status.observedGeneration}=" + generation, "pset/" + name, "--timeout=60s");
        node.kubectl("wait", "--for=condition=Ready", "pset/" + name, "--timeout=60s");
    }

    private void call(PodFixture pod, int times) {
        Process python = pod.container()
                .start(
                        directory.resolve("calls.log"),
                        List.of(
                                "python3",
                                "-c",
                                "import os\nfor i in range(%d): os.getpgid(%d)".formatted(times, ARGUMENT)));
        Await.until("the calls are made", () -> !python.isAlive());
        assertThat(python.exitValue()).isZero();
    }

    private void awaitCount(long expected) {
        Await.until(
                "%d calls counted, of %s".formatted(expected, lastCount()),
                () -> lastCount().equals(Optional.of(expected)));
    }

    private Optional<Long> lastCount() {
        List<Arrived<Metric>> all = sink.metrics("pgid.calls");
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(point(all.getLast()).getAsInt());
    }

    private static NumberDataPoint point(Arrived<Metric> metric) {
        assertThat(metric.what().getSum().getDataPointsCount()).isOne();
        return metric.what().getSum().getDataPoints(0);
    }

    private Arrived<Metric> last(String name) {
        return Await.value(
                "metric " + name,
                () -> sink.metrics(name).isEmpty()
                        ? Optional.empty()
                        : Optional.of(sink.metrics(name).getLast()));
    }
}
