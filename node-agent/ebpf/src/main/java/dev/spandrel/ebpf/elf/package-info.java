/**
 * ELF files, read as far as probes need them: {@link dev.spandrel.ebpf.elf.ElfFile} gives functions by name, their code and where in the file it is, also those of stripped Go
 * programs.
 *
 * <p>In: a path, which may be another container's through {@code /proc/PID/root}. What is no ELF file, or a broken one, is a value with a reason, never an exception.
 */
@NullMarked
package dev.spandrel.ebpf.elf;

import org.jspecify.annotations.NullMarked;
