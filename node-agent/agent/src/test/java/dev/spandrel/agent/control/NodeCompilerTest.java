package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.UID;
import static dev.spandrel.agent.control.Workloads.at;
import static dev.spandrel.agent.control.Workloads.id;
import static dev.spandrel.agent.control.Workloads.match;
import static dev.spandrel.agent.control.Workloads.pod;
import static dev.spandrel.agent.control.Workloads.tree;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.control.HeaderRule.Action;
import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.contract.v1.Create;
import dev.spandrel.contract.v1.PortRange;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Workload;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeCompilerTest {
    @Test
    void aWorkloadIsItsCgroupAndAllBelowUnlessANearerOneIsSelected() {
        var desired = compile(
                tree("/", "/a", "/a-b", "/a/x", "/a/x/deep", "/a/y", "/a/y/deep", "/b"),
                at("/a"),
                at("/a/y", config -> config.setThreshold(7)));

        assertThat(desired.targets().keySet())
                .containsExactlyInAnyOrder(id("/a"), id("/a/x"), id("/a/x/deep"), id("/a/y"), id("/a/y/deep"));
        assertThat(desired.targets().get(id("/a/x/deep")).value().threshold()).isEqualTo(1L << 55);
        assertThat(desired.targets().get(id("/a/y/deep")).value().threshold()).isEqualTo(7);
        assertThat(desired.targets().get(id("/a/y/deep")).selected().id()).isEqualTo("cgroup/a/y");
    }

    @Test
    void theRootMayBeSelected() {
        assertThat(compile(tree("/", "/a", "/a/b"), at("/")).targets()).hasSize(3);
    }

    @Test
    void aPodIsFoundInBothLayouts() {
        var cgroupfs = tree("/", "/kubepods", "/kubepods/burstable/pod" + UID, "/kubepods/burstable/pod" + UID + "/c");
        var systemd = tree(
                "/",
                "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + UID.replace('-', '_') + ".slice");

        assertThat(compile(cgroupfs, pod(UID)).targets()).hasSize(2);
        assertThat(compile(systemd, pod(UID)).targets()).hasSize(1);
        assertThat(compile(tree("/", "/kubepods/pod" + UID.replace('1', '9')), pod(UID))
                        .targets())
                .isEmpty();
    }

    @Test
    void aWorkloadWithoutCgroupWaitsAndIsNotRejected() {
        var desired = compile(tree("/"), pod(UID));

        assertThat(desired.waiting()).containsExactly("pod/" + UID);
        assertThat(desired.rejected()).isEmpty();
    }

    @Test
    void oneCgroupForTwoWorkloadsIsRejectedForTheSecond() {
        var second = at("/a").toBuilder().setId("later").build();

        assertThat(compile(tree("/", "/a"), at("/a"), second).rejected())
                .singleElement()
                .extracting(Rejection::getWorkloadId, Rejection::getReason)
                .containsExactly("later", "CgroupSelectedTwice");
    }

    @Test
    void flagsAndBitsAreTheKernels() {
        var value = compile(
                        tree("/a"),
                        at(
                                "/a",
                                config -> config.setHonorParent(true)
                                        .setKeepErrors(true)
                                        .setCreate(Create.CREATE_HEADER_PRESENT)
                                        .addHeaders("traceparent")
                                        .addPorts(PortRange.newBuilder()
                                                .setFirst(80)
                                                .setLast(90))
                                        .setSlowerThanNanos(250_000_000)))
                .targets()
                .get(id("/a"))
                .value();

        assertThat(value)
                .isEqualTo(new ConfigValue(
                        5,
                        1L << 55,
                        250_000_000,
                        0b111111,
                        0b10,
                        1,
                        200,
                        0,
                        4096,
                        160,
                        500,
                        400,
                        0b110,
                        List.of(new ConfigValue.PortRange(80, 90))));
    }

    @Test
    void chanceIsTheOnlyFlagBesideEnabled() {
        var value = compile(
                        tree("/a"), at("/a", config -> config.setByChance(true).setMetrics(false)))
                .targets()
                .get(id("/a"))
                .value();

        assertThat(value.flags()).isEqualTo(ConfigFlag.ENABLED.bit() | ConfigFlag.BY_CHANCE.bit());
    }

    @Test
    void rulesAreSharedAndHeadersAreRulesThatTraceparentIsNot() {
        var desired = compile(
                tree("/a", "/b", "/c"),
                at(
                        "/a",
                        config -> config.addHeaders("b3")
                                .addHeaders("traceparent")
                                .addMatch(match("x-debug", "1"))),
                at("/b", config -> config.addHeaders("b3").addMatch(match("x-debug", "1"))),
                at("/c", config -> config.addRequestHeaderAttributes("x-tenant-id")));

        assertThat(desired.ruleSets().byThing()).hasSize(1);
        assertThat(desired.ruleSets().byThing().keySet().iterator().next().rules())
                .containsExactly(
                        new HeaderRule(Action.MATCH, "x-debug", "1"), new HeaderRule(Action.PRESENT, "b3", ""));
        assertThat(desired.targets().get(id("/b")).value().ruleSet()).isEqualTo(1);
        assertThat(desired.targets().get(id("/c")).value().ruleSet()).isZero();
        assertThat(desired.targets().get(id("/c")).value().captureBytes()).isEqualTo(4096);
    }

    @Test
    void moreRuleSetsOrPoliciesThanTheKernelHasAreRejected() {
        var paths = IntStream.range(0, 300).mapToObj(i -> "/w" + i).toArray(String[]::new);
        var workloads = IntStream.range(0, 300)
                .mapToObj(i -> at("/w" + i, config -> config.addHeaders("h" + i)))
                .toArray(Workload[]::new);

        var desired = compile(tree(paths), workloads);

        assertThat(desired.targets()).hasSize(255);
        assertThat(desired.rejected())
                .hasSize(45)
                .allMatch(rejection -> rejection.getReason().equals("TooManyRules"));
    }

    @Test
    void whatTheKernelCannotHoldIsRejectedBeforehand() {
        assertThat(Translation.check(at("/a", config -> config.addMatch(match("x".repeat(41), "1")))))
                .get()
                .extracting(Rejection::getReason)
                .isEqualTo("RuleTooLong");
        assertThat(Translation.check(at("/a", config -> config.addMatch(match("x", "1".repeat(81))))))
                .isPresent();
        assertThat(Translation.check(at("/a", config -> {
                    for (int i = 0; i < 17; i++) config.addMatch(match("x" + i, "1"));
                    return config;
                })))
                .get()
                .extracting(Rejection::getReason)
                .isEqualTo("TooManyRules");
        assertThat(Translation.check(at("/a", config -> {
                    for (int i = 0; i < 9; i++) config.addPorts(PortRange.getDefaultInstance());
                    return config;
                })))
                .get()
                .extracting(Rejection::getReason)
                .isEqualTo("TooManyPorts");
        assertThat(Translation.check(at("/a", config -> config.addMatch(match("x".repeat(40), "1".repeat(80))))))
                .isEmpty();
    }

    private static Desired compile(List<Cgroup> tree, Workload... workloads) {
        return NodeCompiler.compile(List.of(workloads), tree, 5, Numbers.none(), Numbers.none());
    }
}
