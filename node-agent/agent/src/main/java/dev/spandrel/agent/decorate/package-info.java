/**
 * Whose exchange it was: {@link dev.spandrel.agent.decorate.Resources} answers the resource of a workload and process.
 *
 * <p>In: cgroup id, process id. Out: {@link dev.spandrel.agent.decorate.TracedResource}, cached and bounded. Runs on the drain thread, while the process
 * still lives.
 */
@NullMarked
package dev.spandrel.agent.decorate;

import org.jspecify.annotations.NullMarked;
