package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.util.List;

/**
 * Links of type uprobe.multi (Linux 6.6), by bpf(2) itself: libbpf 1.1 does not know them. They need no perf event, which the kernel gives to CAP_SYS_ADMIN alone since commit ba677dbe77af (6.15.7, 6.12.39,
 * 6.6.99, 6.1.146), but only what loading the program needed: CAP_BPF and CAP_PERFMON.
 */
final class UprobeLink {
    /** What a program is loaded for that is attached by such a link: BPF_TRACE_UPROBE_MULTI. */
    static final int ATTACH_TYPE = 48;

    private static final int LINK_CREATE = 28;
    private static final int AT_RETURN = 1;
    private static final int EBADF = 9;
    private static final List<Uprobes.Site> NO_PLACE = List.of(new Uprobes.Site(0, 0));
    private static final long[] RETURNS = {0xb7, 0x95};

    private UprobeLink() {}

    /** By trying, with a file that cannot be probed: a kernel that knows the link says that it is none, any other that the request is invalid. */
    static boolean isKnown() {
        return switch (Bpf.load("sp_try_link", ProgramType.LINKED_UPROBE, RETURNS, 0)) {
            case Bpf.Loaded.Refused _ -> false;
            case Bpf.Loaded.Program(var program) -> {
                try (program) {
                    yield create(program.fd(), new Uprobes("/", NO_PLACE, false, PerfEvent.EVERY_PROCESS)) == -EBADF;
                }
            }
        };
    }

    /** Returns the link, or -errno. */
    static int create(int program, UprobePlace place) {
        var site = new Uprobes.Site(place.offset(), place.cookie());
        return create(
                program,
                new Uprobes(place.file().toString(), List.of(site), place.atReturn(), PerfEvent.EVERY_PROCESS));
    }

    /** Returns the link, or -errno. */
    static int create(int program, Uprobes probes) {
        var sites = probes.sites();
        try (var arena = Arena.ofConfined()) {
            var offsets = arena.allocateFrom(
                    JAVA_LONG, sites.stream().mapToLong(Uprobes.Site::offset).toArray());
            var cookies = arena.allocateFrom(
                    JAVA_LONG, sites.stream().mapToLong(Uprobes.Site::cookie).toArray());
            var attributes = arena.allocate(64, 8);
            attributes.set(JAVA_INT, 0, program);
            attributes.set(JAVA_INT, 8, ATTACH_TYPE);
            attributes.set(JAVA_LONG, 16, arena.allocateFrom(probes.path()).address());
            attributes.set(JAVA_LONG, 24, offsets.address());
            attributes.set(JAVA_LONG, 40, cookies.address());
            attributes.set(JAVA_INT, 48, sites.size());
            attributes.set(JAVA_INT, 52, probes.atReturn() ? AT_RETURN : 0);
            attributes.set(JAVA_INT, 56, Math.max(0, probes.pid()));
            return Kernel.bpf(LINK_CREATE, attributes);
        }
    }
}
