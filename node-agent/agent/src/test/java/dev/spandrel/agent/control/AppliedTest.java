package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.at;
import static dev.spandrel.agent.control.Workloads.cgroup;
import static dev.spandrel.agent.control.Workloads.tree;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.control.Operation.DeleteConfig;
import dev.spandrel.agent.control.Operation.WriteConfig;
import dev.spandrel.agent.control.Operation.WriteRules;
import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.contract.v1.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppliedTest {
    private static final List<Cgroup> TREE = tree("/", "/a", "/a/x", "/b");

    private Applied applied = Applied.nothing(TREE);
    private Numbers<RuleSet> ruleSets = Numbers.none();

    @Test
    void rulesComeBeforeTheConfigurationsThatNameThem() {
        var operations = apply(TREE, 1, at("/a", config -> config.addHeaders("b3")));

        assertThat(operations).hasSize(3).first().isInstanceOf(WriteRules.class);
    }

    @Test
    void aLiveValueIsReplacedAndNeverRemoved() {
        apply(TREE, 1, at("/a"));
        var operations = apply(TREE, 2, at("/a", config -> config.setThreshold(0)));

        assertThat(operations).hasSize(2).hasOnlyElementsOfType(WriteConfig.class);
    }

    @Test
    void theSameAgainIsNothingToDo() {
        apply(TREE, 1, at("/a", config -> config.addHeaders("b3")));

        assertThat(apply(TREE, 1, at("/a", config -> config.addHeaders("b3")))).isEmpty();
    }

    @Test
    void aNewGenerationIsWrittenEverywhere() {
        apply(TREE, 1, at("/a"), at("/b"));

        assertThat(apply(TREE, 2, at("/a"), at("/b"))).hasSize(3);
    }

    @Test
    void aNewCgroupGetsItsValueAndNothingElseIsTouched() {
        apply(TREE, 1, at("/a"));

        assertThat(apply(tree("/", "/a", "/a/x", "/a/new", "/b"), 1, at("/a")))
                .singleElement()
                .extracting(operation -> ((WriteConfig) operation).cgroup().path())
                .isEqualTo("/a/new");
    }

    @Test
    void aRemovedWorkloadLosesAllItsValues() {
        apply(TREE, 1, at("/a"), at("/b"));

        assertThat(apply(TREE, 2, at("/b")))
                .contains(new DeleteConfig(cgroup("/a")), new DeleteConfig(cgroup("/a/x")))
                .filteredOn(DeleteConfig.class::isInstance)
                .hasSize(2);
    }

    @Test
    void aCgroupThatMayHaveInheritedInTheKernelIsCleared() {
        apply(TREE, 1, at("/a"));
        apply(TREE, 2, at("/b"));

        assertThat(apply(tree("/", "/a", "/a/x", "/a/raced", "/b"), 2, at("/b")))
                .containsExactly(new DeleteConfig(cgroup("/a/raced")));
    }

    @Test
    void anIndexThatWasGivenBackIsNotUsedInTheSameStep() {
        apply(TREE, 1, at("/a", config -> config.addHeaders("b3")));
        assertThat(ruleSets.byThing()).containsValue(1);
        apply(TREE, 2, at("/a", config -> config.addHeaders("x-other")));
        assertThat(ruleSets.byThing()).containsOnlyKeys(ruleSet("x-other")).containsValue(2);
        apply(TREE, 3, at("/a", config -> config.addHeaders("x-third")));
        assertThat(ruleSets.byThing()).containsValue(1);
    }

    private static RuleSet ruleSet(String header) {
        return new RuleSet(List.of(new HeaderRule(HeaderRule.Action.PRESENT, header, "")));
    }

    private List<Operation> apply(List<Cgroup> tree, long generation, Workload... workloads) {
        var desired = NodeCompiler.compile(List.of(workloads), tree, generation, ruleSets, Numbers.none());
        ruleSets = desired.ruleSets();
        var operations = applied.diff(desired, tree);
        applied = Applied.of(desired, tree);
        return operations;
    }
}
