/**
 * From the contract to the kernel: {@link dev.spandrel.agent.control.Control} takes node configs and makes BPF map values of them, as a
 * diff; {@link dev.spandrel.agent.control.OperatorClient} gets them from the operator. In: a node config and the cgroup tree. Out:
 * values in sp_config and sp_rules, the workload index, and for each node config an {@link dev.spandrel.agent.control.Outcome}.
 * One thread, "control", decides and writes.
 */
@NullMarked
package dev.spandrel.agent.control;

import org.jspecify.annotations.NullMarked;
