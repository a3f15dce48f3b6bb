/**
 * The BPF object in the kernel. {@link dev.spandrel.agent.program.Sensors} loads, attaches, detaches and unloads it as the control half
 * asks; {@link dev.spandrel.agent.program.Sensor} is the loaded object: its ring, counters and configuration maps.
 * The listener is called on the thread that asked, before anything else may use a new sensor and before an old one closes.
 */
@NullMarked
package dev.spandrel.agent.program;

import org.jspecify.annotations.NullMarked;
