/**
 * The probe language: {@link dev.spandrel.probe.Compiler} turns a program in bpftrace's language into BPF instructions. Pure Java, no I/O:
 * what it must know of the kernel it asks through {@link dev.spandrel.probe.type.Facts}.
 */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe;
