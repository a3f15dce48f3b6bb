package dev.spandrel.ebpf.elf;

/** A function: virtual address and bytes of code; `size` is 0 where the file does not say. */
public record ElfFunction(String name, long address, long size) {}
