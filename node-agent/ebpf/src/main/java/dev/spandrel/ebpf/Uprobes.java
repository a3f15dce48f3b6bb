package dev.spandrel.ebpf;

import java.util.List;

/**
 * Places of one file that one program is attached to at once (uprobe_multi, Linux 6.6).
 *
 * @param pid of one process, or {@link PerfEvent#EVERY_PROCESS}
 */
public record Uprobes(String path, List<Site> sites, boolean atReturn, int pid) {
    /** @param cookie what the program reads with bpf_get_attach_cookie */
    public record Site(long offset, long cookie) {}
}
