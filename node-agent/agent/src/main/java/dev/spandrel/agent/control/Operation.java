package dev.spandrel.agent.control;

import dev.spandrel.agent.workload.Cgroup;

/** One write to the kernel. */
sealed interface Operation {
    record WriteRules(int index, RuleSet rules) implements Operation {}

    /** Replaces what is there: a live value is never removed first. */
    record WriteConfig(Cgroup cgroup, ConfigValue value) implements Operation {}

    record DeleteConfig(Cgroup cgroup) implements Operation {}
}
