package dev.spandrel.agent.workload;

/** What the tree noticed. */
public sealed interface CgroupChange {
    Cgroup cgroup();

    record Made(Cgroup cgroup) implements CgroupChange {}

    record Removed(Cgroup cgroup) implements CgroupChange {}

    /** A process came, or the last one went. */
    record Populated(Cgroup cgroup) implements CgroupChange {}
}
