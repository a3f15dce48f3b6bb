/**
 * What the probe compiler asks, answered by this host: {@link dev.spandrel.probe.live.facts.HostFacts} reads the kernel's BTF, its
 * descriptions of tracepoints, and ELF files. Read when asked for and kept; any thread.
 */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.live.facts;
