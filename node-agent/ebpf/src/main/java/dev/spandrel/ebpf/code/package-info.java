/**
 * Machine code, read as far as probes need it. In: the bytes of a function; out: {@link dev.spandrel.ebpf.code.Placement}, where a probe costs least and still sees what
 * the caller passed, and {@link dev.spandrel.ebpf.code.Exits}, where it sees what the function returns.
 *
 * <p>The kernel emulates a few instructions and single-steps all others, at fifteen times the price on a virtual machine. Pure functions: no I/O, any thread, never an exception.
 */
@NullMarked
package dev.spandrel.ebpf.code;

import org.jspecify.annotations.NullMarked;
