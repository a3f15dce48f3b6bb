/**
 * Compiled BPF objects as probes: an ELF file in, programs behind a door of ours in the kernel, and counts that its maps hold out
 * ({@link dev.spandrel.probe.live.object.ObjectSession}). One thread drives it.
 */
@NullMarked
package dev.spandrel.probe.live.object;

import org.jspecify.annotations.NullMarked;
