/**
 * Debug information, DWARF 2 to 5, read as far as probes need it: {@link dev.spandrel.ebpf.dwarf.DebugInformation} gives a function's parameters by its address, and types as entries that are
 * read when they are asked for.
 *
 * <p>In: an ELF file, with its debug information inside or, by its build id, below /usr/lib/debug. What is broken, or of a kind that is not read (split files, supplements), is as if it were not there: never an
 * exception, never a guess.
 */
@NullMarked
package dev.spandrel.ebpf.dwarf;

import org.jspecify.annotations.NullMarked;
