package dev.spandrel.ebpf;

import java.nio.file.Path;

/**
 * Where a uprobe sits: a byte of a file, whichever process maps it.
 *
 * @param cookie what the program gets of it ({@code bpf_get_attach_cookie})
 * @param atReturn runs when the function returns; the stack pointer must be as at its entry
 */
public record UprobePlace(Path file, long offset, long cookie, boolean atReturn) {}
