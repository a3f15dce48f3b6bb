package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.contract.v1.Workload;
import dev.spandrel.crds.PodSelector;
import dev.spandrel.crds.Probe;
import dev.spandrel.crds.ProbeSetSpec;
import dev.spandrel.policy.ProbeSetResult.ProgramFault;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ProbeSetsTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final String GOOD = "tracepoint:syscalls:sys_enter_openat { @ = count(); }";
    private static final List<Inventory.Entry> ENTRIES = List.of(
            entry("a", "node-1", "shop", "web"),
            entry("b", "node-2", "shop", "db"),
            entry("c", "node-1", "bank", "web"));
    private static final Map<String, Map<String, String>> NODES =
            Map.of("node-1", Map.of("zone", "x"), "node-2", Map.of("zone", "y"), "node-3", Map.of("zone", "x"));

    @Test
    void seesThePodsOfItsNamespaceAlone() {
        ProbeCompilation compiled = compile(set("shop", spec(null, null, GOOD)));
        assertThat(compiled.nodes().keySet()).containsExactly("node-1", "node-2");
        assertThat(only(compiled, "node-1").getWorkloadsList()).containsExactly("pod/a");
        assertThat(compiled.nodes().get("node-1").probed())
                .extracting(Workload::getId)
                .containsExactly("pod/a");
        assertThat(compiled.nodes().get("node-1").probed().getFirst().hasConfig())
                .isFalse();
        assertThat(result(compiled, "shop").pods()).isEqualTo(2);
    }

    @Test
    void theRootNamespaceReachesAllPodsAndNodes() {
        PodSelector web = new PodSelector(Map.of("app", "web"), null);
        PodSelector zone = new PodSelector(Map.of("zone", "x"), null);
        String root = "spandrel-system";
        assertThat(only(compile(set(root, spec(web, null, GOOD))), "node-1").getWorkloadsList())
                .containsExactly("pod/a", "pod/c");
        ProbeCompilation whole = compile(set(root, spec(null, zone, GOOD)));
        assertThat(whole.nodes().keySet()).containsExactly("node-1", "node-3");
        assertThat(only(whole, "node-3").getWholeNode()).isTrue();
        ProbeCompilation podsThere = compile(set(root, spec(web, zone, GOOD)));
        assertThat(podsThere.nodes().keySet()).containsExactly("node-1");
        assertThat(only(podsThere, "node-1").getWholeNode()).isFalse();
    }

    @Test
    void nodesAreForTheRootNamespace() {
        ProbeCompilation compiled = compile(set("shop", spec(null, new PodSelector(null, null), GOOD)));
        assertThat(compiled.nodes()).isEmpty();
        assertThat(result(compiled, "shop").problems())
                .containsExactly(new Problem("spec.nodeSelector", Scope.CLUSTER.level()));
    }

    @Test
    void aProgramThatCannotBeReadIsForNoNode() {
        ProbeCompilation compiled = compile(
                set("shop", spec(null, null, "tracepoint:syscalls:sys_enter_openat {\n  @x[comm = count();\n}")));
        assertThat(compiled.nodes()).isEmpty();
        List<ProgramFault> faults = result(compiled, "shop").errors().get("one");
        assertThat(faults).isNotEmpty();
        assertThat(faults.getFirst().line()).isEqualTo(2);
        assertThat(faults.getFirst().column()).isGreaterThan(1);
    }

    @Test
    void isAttachedOnlyOnceItIsChecked() {
        ProbeSetInput unchecked = set("shop", spec(null, null, GOOD));
        ProbeCompilation first = compile(unchecked);
        assertThat(only(first, "node-1").getAttach()).isFalse();
        String hash = result(first, "shop").hash();
        ProbeSetInput checked = new ProbeSetInput(unchecked.key(), NOON, unchecked.spec(), hash, new TreeMap<>());
        assertThat(only(compile(checked), "node-1").getAttach()).isTrue();
        ProbeSetInput edited =
                new ProbeSetInput(unchecked.key(), NOON, spec(null, null, GOOD + " "), hash, new TreeMap<>());
        assertThat(only(compile(edited), "node-1").getAttach()).isFalse();
    }

    @Test
    void allMemoryOfANodeIsForTheRootNamespaceAndThoseThatAreTrusted() {
        Scope scope = new Scope.Cluster("spandrel-system", Set.of("platform"));
        Map<String, Boolean> confined = new TreeMap<>();
        for (String namespace : List.of("shop", "platform", "spandrel-system")) {
            ProbeCompilation compiled = ProbeSets.compile(
                    List.of(set(namespace, spec(null, null, GOOD))),
                    List.of(entry("x", "node-1", namespace, "web")),
                    NODES,
                    scope,
                    NOON);
            confined.put(namespace, only(compiled, "node-1").getProbes(0).getConfined());
        }
        assertThat(confined).isEqualTo(Map.of("shop", true, "platform", false, "spandrel-system", false));
    }

    @Test
    void limitsHaveDefaults() {
        ProbeConfig byDefault =
                only(compile(set("shop", spec(null, null, GOOD))), "node-1").getProbes(0);
        assertThat(byDefault.getLimits().getCpuMillionths()).isEqualTo(10_000);
        assertThat(byDefault.getLimits().getMapBytes()).isEqualTo(8 << 20);
        assertThat(byDefault.getLimits().getEventsPerSecond()).isEqualTo(1000);
        Probe probe = new Probe("one", GOOD, null, null, new Probe.Limits("0.5%", "64Ki", 7), null);
        ProbeConfig given = only(
                        compile(set("shop", new ProbeSetSpec(null, null, List.of(probe), null, null))), "node-1")
                .getProbes(0);
        assertThat(given.getLimits().getCpuMillionths()).isEqualTo(5_000);
        assertThat(given.getLimits().getMapBytes()).isEqualTo(64 << 10);
        assertThat(given.getLimits().getEventsPerSecond()).isEqualTo(7);
    }

    @Test
    void anObjectIsSentWithTheProbe() {
        ByteString object = ByteString.copyFrom(new byte[] {0x7f, 'E', 'L', 'F', 1});
        ProbeConfig probe =
                only(compile(withObject(Map.of("one", object))), "node-1").getProbes(0);
        assertThat(probe.getObject()).isEqualTo(object);
        assertThat(result(compile(withObject(Map.of("one", object.concat(object)))), "shop")
                        .hash())
                .as("another object is another program, and is checked anew")
                .isNotEqualTo(result(compile(withObject(Map.of("one", object))), "shop")
                        .hash());
    }

    @Test
    void anObjectThatIsMissingOrNoneIsForNoNode() {
        assertThat(fault(Map.of()))
                .isEqualTo("there is no ConfigMap calls with the label spandrel.dev/bpf-objects=true that has calls.o"
                        + " under binaryData");
        assertThat(fault(Map.of("one", ByteString.copyFromUtf8("text")))).isEqualTo("the object is no ELF file");
        byte[] large = new byte[600 << 10];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F'}, 0, large, 0, 4);
        assertThat(fault(Map.of("one", ByteString.copyFrom(large))))
                .isEqualTo("the object has 600 KiB, and 512 KiB are allowed");
    }

    private static String fault(Map<String, ByteString> objects) {
        ProbeCompilation compiled = compile(withObject(objects));
        assertThat(compiled.nodes()).isEmpty();
        return result(compiled, "shop").errors().get("one").getFirst().message();
    }

    private static ProbeSetInput withObject(Map<String, ByteString> objects) {
        var source = new Probe.ObjectSource(new Probe.ConfigMapKey("calls", "calls.o"));
        Probe probe = new Probe("one", null, source, null, null, null);
        return new ProbeSetInput(
                new Policy.Key("shop", "set"),
                NOON,
                new ProbeSetSpec(null, null, List.of(probe), null, null),
                "",
                new TreeMap<>(objects));
    }

    @Test
    void endsAndIsSwitchedOff() {
        ProbeSetSpec spec = spec(null, null, GOOD);
        ProbeSetInput ending = set("shop", new ProbeSetSpec(null, null, spec.probes(), null, "30m"));
        assertThat(only(compile(ending), "node-1").getEndsAtUnixMillis())
                .isEqualTo(NOON.plusSeconds(1800).toEpochMilli());
        assertThat(ProbeSets.compile(List.of(ending), ENTRIES, NODES, Scope.CLUSTER, NOON.plusSeconds(1800))
                        .nodes())
                .isEmpty();
        ProbeCompilation off = compile(set("shop", new ProbeSetSpec(null, null, spec.probes(), false, null)));
        assertThat(off.nodes()).isEmpty();
        assertThat(result(off, "shop").enabled()).isFalse();
    }

    @Test
    void aTargetWithoutProbesIsWhatItWasBefore() {
        NodeTarget traced = NodeTarget.of(
                List.of(PlannedWorkload.of(Workload.newBuilder().setId("pod/a").build())));
        Change change = new Change(
                Compilation.of(new TreeMap<>(Map.of("node-1", traced)), Compilation.EMPTY.policies()),
                new HashSet<>(),
                new HashSet<>());
        assertThat(ProbeCompilation.EMPTY.into(change, ProbeCompilation.EMPTY, Compilation.EMPTY))
                .isSameAs(change);
        Change probed =
                compile(set("shop", spec(null, null, GOOD))).into(change, ProbeCompilation.EMPTY, Compilation.EMPTY);
        assertThat(probed.nodes()).containsExactlyInAnyOrder("node-1", "node-2");
        assertThat(probed.compilation().node("node-1").workloads()).isEqualTo(traced.workloads());
        assertThat(probed.compilation().node("node-1").config().getProbedList())
                .extracting(Workload::getId)
                .containsExactly("pod/a");
        assertThat(probed.compilation().node("node-1").version()).isNotEqualTo(traced.version());
        Change gone =
                ProbeCompilation.EMPTY.into(change, compile(set("shop", spec(null, null, GOOD))), Compilation.EMPTY);
        assertThat(gone.nodes()).containsExactlyInAnyOrder("node-1", "node-2");
        assertThat(gone.compilation().node("node-1")).isEqualTo(traced);
    }

    private static Inventory.Entry entry(String uid, String node, String namespace, String app) {
        return new Inventory.Other(
                "pod/" + uid,
                node,
                namespace,
                new Inventory.Place.PodUid(uid),
                Map.of("app", app),
                Map.of("k8s.pod.uid", uid),
                Map.of());
    }

    private static ProbeSetSpec spec(PodSelector pods, PodSelector nodes, String program) {
        return new ProbeSetSpec(pods, nodes, List.of(new Probe("one", program, null, null, null, null)), null, null);
    }

    private static ProbeSetInput set(String namespace, ProbeSetSpec spec) {
        return new ProbeSetInput(new Policy.Key(namespace, "set"), NOON, spec, "", new TreeMap<>());
    }

    private static ProbeCompilation compile(ProbeSetInput set) {
        return ProbeSets.compile(List.of(set), ENTRIES, NODES, Scope.CLUSTER, NOON);
    }

    private static ProbeSetConfig only(ProbeCompilation compiled, String node) {
        assertThat(compiled.nodes()).containsKey(node);
        assertThat(compiled.nodes().get(node).sets()).hasSize(1);
        return compiled.nodes().get(node).sets().getFirst();
    }

    private static ProbeSetResult result(ProbeCompilation compiled, String namespace) {
        return compiled.sets().get(new Policy.Key(namespace, "set"));
    }
}
