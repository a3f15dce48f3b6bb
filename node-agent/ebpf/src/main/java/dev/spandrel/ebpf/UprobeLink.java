package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

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
    private static final long[] RETURNS = {0xb7, 0x95};

    private UprobeLink() {}

    /** By trying, with a file that cannot be probed: a kernel that knows the link says that it is none, any other that the request is invalid. */
    static boolean isKnown() {
        return switch (Bpf.load("sp_try_link", ProgramType.LINKED_UPROBE, RETURNS, 0)) {
            case Bpf.Loaded.Refused _ -> false;
            case Bpf.Loaded.Program(var program) -> {
                try (program) {
                    yield create(program.fd(), "/", 0, 0, false) == -EBADF;
                }
            }
        };
    }

    /** Returns the link, or -errno. */
    static int create(int program, UprobePlace place) {
        return create(program, place.file().toString(), place.offset(), place.cookie(), place.atReturn());
    }

    private static int create(int program, String path, long offset, long cookie, boolean atReturn) {
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(64, 8);
            attributes.set(JAVA_INT, 0, program);
            attributes.set(JAVA_INT, 8, ATTACH_TYPE);
            attributes.set(JAVA_LONG, 16, arena.allocateFrom(path).address());
            attributes.set(JAVA_LONG, 24, one(arena, offset).address());
            attributes.set(JAVA_LONG, 40, one(arena, cookie).address());
            attributes.set(JAVA_INT, 48, 1);
            attributes.set(JAVA_INT, 52, atReturn ? AT_RETURN : 0);
            return Kernel.bpf(LINK_CREATE, attributes);
        }
    }

    private static MemorySegment one(Arena arena, long value) {
        return arena.allocateFrom(JAVA_LONG, value);
    }
}
