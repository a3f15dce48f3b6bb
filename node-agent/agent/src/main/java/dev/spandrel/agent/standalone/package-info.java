/**
 * The agent without a cluster: {@link dev.spandrel.agent.standalone.Standalone} watches a folder of TracePolicy files and the host's
 * cgroups, compiles both to a node config and hands it to the control half. In: files, cgroups that hold processes. Out: node
 * configs, and for each file a line that says what became of it. One thread, "standalone", decides.
 */
@NullMarked
package dev.spandrel.agent.standalone;

import org.jspecify.annotations.NullMarked;
