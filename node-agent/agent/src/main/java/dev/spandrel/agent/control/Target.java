package dev.spandrel.agent.control;

import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.agent.workload.Selected;

/** One cgroup and what is to hold there. */
record Target(Cgroup cgroup, Selected selected, ConfigValue value) {}
