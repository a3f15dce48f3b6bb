/**
 * Probe sets on this node: {@link dev.spandrel.agent.probe.Probes} compiles, attaches, limits and ends them, and hands out what they gather as metrics and what
 * they print as log records.
 *
 * <p>In: the probe sets of a node config, the cgroup tree. Out: refusals, reports, metrics, log records. One thread, "probes", drives all programs.
 */
@NullMarked
package dev.spandrel.agent.probe;

import org.jspecify.annotations.NullMarked;
