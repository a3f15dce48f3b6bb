/**
 * Which workload a cgroup belongs to. {@link dev.spandrel.agent.workload.WorkloadIndex} is where the agent's two halves meet: the
 * control half writes it, the data half reads it without locks or allocation and tells it of cgroups that the kernel saw.
 * {@link dev.spandrel.agent.workload.CgroupTree} mirrors the cgroup v2 tree by file events, on a thread of its own.
 */
@NullMarked
package dev.spandrel.agent.workload;

import org.jspecify.annotations.NullMarked;
