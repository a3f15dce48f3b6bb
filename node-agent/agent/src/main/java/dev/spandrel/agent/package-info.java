/**
 * The node agent's wiring: command line, start, end, and what is served over HTTP. The control half and the data half meet only here, in the workload index
 * and in the BPF maps.
 */
@NullMarked
package dev.spandrel.agent;

import org.jspecify.annotations.NullMarked;
