package dev.spandrel.cli;

import dev.spandrel.contract.v1.Agreement;
import dev.spandrel.contract.v1.Conflict;
import dev.spandrel.contract.v1.ExplainedCgroup;
import dev.spandrel.contract.v1.ExplainedField;
import dev.spandrel.contract.v1.Explanation;
import dev.spandrel.contract.v1.HeldField;
import dev.spandrel.contract.v1.Level;
import dev.spandrel.contract.v1.Nack;
import dev.spandrel.contract.v1.Node;
import dev.spandrel.contract.v1.NodeList;
import dev.spandrel.contract.v1.OverriddenValue;
import dev.spandrel.contract.v1.PolicyList;
import dev.spandrel.contract.v1.PolicyState;
import dev.spandrel.contract.v1.ProbeFigures;
import dev.spandrel.contract.v1.ProbeSetState;
import dev.spandrel.contract.v1.SelectingPolicy;
import dev.spandrel.contract.v1.Standing;

/** What an operator may answer. */
final class Answers {
    private Answers() {}

    static Node.Builder node(String name) {
        return Node.newBuilder()
                .setName(name)
                .setConnectedSince("2026-06-01T12:00:00Z")
                .setAgentVersion("0.1.0")
                .setKernelRelease("6.18.2")
                .setMachine("x86_64")
                .setBackend("socklen")
                .setHeldVersion("2f738117e3387d71")
                .setTargetVersion("2f738117e3387d71")
                .setGeneration(12)
                .setProgramsAttached(true)
                .setPods(3);
    }

    static NodeList nodes() {
        return NodeList.newBuilder()
                .addNodes(
                        node("node-a").putLost("ring_full", 3).putLost("gap", 1).addDrifted("pod/u-1"))
                .addNodes(Node.newBuilder()
                        .setName("node-b")
                        .setTargetVersion("2f738117e3387d71")
                        .setPods(1))
                .addNodes(node("node-c")
                        .setHeldVersion("ad8ad19f8b64a921")
                        .setLastNack(Nack.newBuilder()
                                .setAt("2026-06-01T12:10:00Z")
                                .setRejected(1)
                                .setWorkloadId("pod/u-9")
                                .setReason("TooManyRules")
                                .setMessage("20 header rules, the kernel looks for at most 16")))
                .addNodes(node("node-d").clearBackend().setUnsupported("no BTF").setProgramsAttached(false))
                .build();
    }

    static PolicyList probeSets() {
        return PolicyList.newBuilder()
                .addProbeSets(probeSet("fsync")
                        .setAttached(3)
                        .setExpiresAt("2026-06-01T13:00:00Z")
                        .addProbes(ProbeFigures.newBuilder()
                                .setName("slow")
                                .setEvents(120)
                                .setLost(2)
                                .setCpuMillionths(1234)
                                .setCpuMeasured(true)))
                .addProbeSets(probeSet("typo").setRefused(1).addProblems("opens:3:14: there is no field 'fielname'"))
                .addProbeSets(probeSet("greedy").setAttached(2).setStopped(1))
                .addProbeSets(probeSet("later").setEnabled(false).clearDesired())
                .build();
    }

    private static ProbeSetState.Builder probeSet(String name) {
        return ProbeSetState.newBuilder()
                .setNamespace("shop")
                .setName(name)
                .setPods(7)
                .setDesired(3)
                .setEnabled(true);
    }

    static PolicyList policies() {
        return PolicyList.newBuilder()
                .addPolicies(policy("all").setSampling("1%").setPods(40).putLost("gap", 2))
                .addPolicies(policy("checkout").setProgrammed(2).setExpiresAt("2026-06-01T13:00:00Z"))
                .addPolicies(policy("debug")
                        .setExpired(true)
                        .setDesired(0)
                        .setProgrammed(0)
                        .setExpiresAt("2026-06-01T12:05:00Z"))
                .addPolicies(policy("drifts").setProgrammed(2).setDrifted(1))
                .addPolicies(policy("rules").setProgrammed(2).setRejected(1))
                .addPolicies(policy("wrong")
                        .setDesired(0)
                        .setProgrammed(0)
                        .addProblems("spec.roles: must name Server, Client or both"))
                .addPolicies(policy("younger")
                        .addConflicts(
                                Conflict.newBuilder().setWinner("shop/checkout").addFields("sampling.percent")))
                .build();
    }

    static PolicyState.Builder policy(String name) {
        return PolicyState.newBuilder()
                .setNamespace("shop")
                .setName(name)
                .setGeneration(1)
                .setSampling("10%")
                .setPods(4)
                .setDesired(3)
                .setProgrammed(3);
    }

    static Explanation agreed() {
        return compiled()
                .setAgreement(Agreement.AGREEMENT_AGREES)
                .addCgroups(cgroup("", "10%"))
                .addCgroups(cgroup("/c1", "10%"))
                .build();
    }

    static Explanation different() {
        return compiled()
                .setAgreement(Agreement.AGREEMENT_DIFFERS)
                .setReason("in 2 of 3 cgroups the kernel holds what this agent did not write: sampling.percent")
                .setAdvice("restart its agent")
                .addCgroups(cgroup("", "10%"))
                .addCgroups(cgroup("/c1", "50%").addDiffers("sampling.percent"))
                .addCgroups(ExplainedCgroup.newBuilder()
                        .setPath("/kubepods/podu-1/c2")
                        .addDiffers("enabled")
                        .addDiffers("sampling.percent"))
                .build();
    }

    static Explanation unknown() {
        return compiled()
                .setNode(Node.newBuilder().setName("node-a"))
                .setAgreement(Agreement.AGREEMENT_UNKNOWN)
                .setReason("no agent of node node-a is connected")
                .setAdvice("look at it")
                .build();
    }

    static Explanation untraced() {
        return Explanation.newBuilder()
                .setNamespace("shop")
                .setPod("checkout-1")
                .setUid("u-1")
                .setNode(node("node-a"))
                .setAgreement(Agreement.AGREEMENT_AGREES)
                .addCgroups(ExplainedCgroup.newBuilder().setPath("/kubepods/podu-1"))
                .build();
    }

    private static ExplainedCgroup.Builder cgroup(String below, String percent) {
        return ExplainedCgroup.newBuilder()
                .setPath("/kubepods/podu-1" + below)
                .setGeneration(12)
                .addFields(held("enabled", "true"))
                .addFields(held("sampling.percent", percent));
    }

    private static HeldField held(String path, String value) {
        return HeldField.newBuilder().setPath(path).setValue(value).build();
    }

    private static Explanation.Builder compiled() {
        return Explanation.newBuilder()
                .setNamespace("shop")
                .setPod("checkout-1")
                .setUid("u-1")
                .setNode(node("node-a"))
                .addPolicies(selecting("shop/checkout", Level.LEVEL_POD, Standing.STANDING_IN_FORCE))
                .addPolicies(selecting("shop/younger", Level.LEVEL_POD, Standing.STANDING_OVERRIDDEN)
                        .addConflicts(
                                Conflict.newBuilder().setWinner("shop/checkout").addFields("sampling.percent")))
                .addPolicies(selecting("shop/debug", Level.LEVEL_NAMESPACE, Standing.STANDING_EXPIRED)
                        .setExpiresAt("2026-06-01T12:05:00Z"))
                .addPolicies(selecting("spandrel-system/all", Level.LEVEL_ROOT, Standing.STANDING_IN_FORCE)
                        .setExpiresAt("2026-06-01T13:00:00Z"))
                .addFields(ExplainedField.newBuilder().setPath("enabled").setValue("true"))
                .addFields(ExplainedField.newBuilder()
                        .setPath("sampling.percent")
                        .setValue("10%")
                        .setPolicy("shop/checkout")
                        .setLevel(Level.LEVEL_POD)
                        .setGeneration(3)
                        .setNote("a remark")
                        .addOverridden(overridden("shop/younger", Level.LEVEL_POD, "20%"))
                        .addOverridden(overridden("spandrel-system/all", Level.LEVEL_ROOT, "1%")));
    }

    private static SelectingPolicy.Builder selecting(String name, Level level, Standing standing) {
        return SelectingPolicy.newBuilder()
                .setPolicy(name)
                .setLevel(level)
                .setGeneration(3)
                .setManager("kubectl-client-side-apply")
                .setStanding(standing);
    }

    private static OverriddenValue overridden(String policy, Level level, String value) {
        return OverriddenValue.newBuilder()
                .setPolicy(policy)
                .setLevel(level)
                .setValue(value)
                .build();
    }
}
