package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** One program of an object. */
public final class BpfProgram {
    /** struct bpf_test_run_opts of libbpf 1.x. */
    private static final StructLayout TEST_RUN = MemoryLayout.structLayout(
            JAVA_LONG.withName("sz"),
            ADDRESS.withName("data_in"),
            ADDRESS.withName("data_out"),
            JAVA_INT.withName("data_size_in"),
            JAVA_INT.withName("data_size_out"),
            ADDRESS.withName("ctx_in"),
            ADDRESS.withName("ctx_out"),
            JAVA_INT.withName("ctx_size_in"),
            JAVA_INT.withName("ctx_size_out"),
            JAVA_INT.withName("retval"),
            JAVA_INT.withName("repeat"),
            JAVA_INT.withName("duration"),
            JAVA_INT.withName("flags"),
            JAVA_INT.withName("cpu"),
            JAVA_INT.withName("batch_size"));

    /** struct bpf_uprobe_opts of libbpf 1.x; the boolean is the first byte of its four. */
    private static final StructLayout UPROBE = MemoryLayout.structLayout(
            JAVA_LONG.withName("sz"),
            JAVA_LONG.withName("ref_ctr_offset"),
            JAVA_LONG.withName("bpf_cookie"),
            JAVA_INT.withName("retprobe"),
            MemoryLayout.paddingLayout(4),
            ADDRESS.withName("func_name"));

    private static final long CTX_IN = offset("ctx_in");
    private static final long CTX_SIZE_IN = offset("ctx_size_in");
    private static final long RETVAL = offset("retval");

    /** Of struct bpf_prog_info. */
    private static final int INFO_BYTES = 232;

    private static final int INFO_ID = 4;
    private static final int INFO_RECURSION_MISSES = 208;
    private static final int RAW_TRACEPOINT_OPEN = 17;

    private final BpfObject object;
    private MemorySegment handle;
    private final String name;
    private final String section;
    private boolean linked;
    private boolean disabled;
    private OptionalInt adopted = OptionalInt.empty();

    BpfProgram(BpfObject object, MemorySegment handle) {
        this.object = object;
        this.handle = handle;
        this.name = Libbpf.bpf_program__name(handle);
        this.section = Libbpf.bpf_program__section_name(handle);
    }

    MemorySegment handle() {
        return handle;
    }

    int fd() {
        object.ensureLoaded();
        return adopted.orElseGet(() -> Libbpf.bpf_program__fd(handle));
    }

    /** Instead of being loaded it is this one. */
    void adopt(int fd) {
        adopted = OptionalInt.of(fd);
    }

    boolean disabled() {
        return disabled;
    }

    void disable() {
        autoload(false);
    }

    /** Before load: it is loaded, as another object's program would be. */
    void enableAs(BpfProgram other) {
        autoload(true);
        if (other.linked) attachByLink();
    }

    private void autoload(boolean load) {
        int result = Libbpf.bpf_program__set_autoload(handle, load);
        if (result < 0) throw new BpfException("bpf_program__set_autoload(" + name + ")", -result);
        disabled = !load;
    }

    /** It is that one, which another object loaded. */
    void takeOver(BpfProgram other) {
        handle = other.handle;
        disabled = false;
    }

    /** Where a tail call to that index of the array goes. */
    public void putInto(BpfMap programs, int index) {
        try (var arena = Arena.ofConfined()) {
            programs.update(arena.allocateFrom(JAVA_INT, index), arena.allocateFrom(JAVA_INT, fd()));
        }
    }

    void close() {
        adopted.ifPresent(Libc::close);
    }

    public String name() {
        return name;
    }

    /** As in SEC("…"): says what the program attaches to. */
    public String section() {
        return section;
    }

    /** Attaches to what its section names. */
    public Link attach() {
        object.ensureLoaded();
        return Link.of(name, Libbpf.bpf_program__attach(handle, name));
    }

    /** Attaches a tracing program by a link that is pinned in the directory: it stays when this process is gone, and goes when it is closed. */
    public Link attach(Path pins) {
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(24, 8);
            attributes.set(JAVA_INT, 8, fd());
            int link = Kernel.bpf(RAW_TRACEPOINT_OPEN, attributes);
            if (link < 0) throw new BpfException("attaching " + name, -link);
            Pin.make(Pin.of(pins, "link", name), link);
            return pinned(pins, link);
        }
    }

    /** The link that is pinned there, if there is one. */
    public Optional<Link> attached(Path pins) {
        var pin = Pin.of(pins, "link", name);
        return Files.exists(pin) ? Optional.of(pinned(pins, Pin.open(pin))) : Optional.empty();
    }

    private Link pinned(Path pins, int link) {
        return Link.of(name, () -> {
            Pin.remove(Pin.of(pins, "link", name));
            Libc.close(link);
        });
    }

    /** Before load, of a SEC("uprobe") program: it is attached by links, see {@link Features#uprobeLinks}. */
    public void attachByLink() {
        object.ensureOpen();
        int result = Libbpf.bpf_program__set_expected_attach_type(handle, UprobeLink.ATTACH_TYPE);
        if (result < 0) throw new BpfException("bpf_program__set_expected_attach_type(" + name + ")", -result);
        linked = true;
    }

    /** Attaches a SEC("uprobe") program to a place in a file, for all processes that map it. */
    public Link attach(UprobePlace place) {
        object.ensureLoaded();
        if (linked) {
            int link = UprobeLink.create(fd(), place);
            if (link < 0) throw new BpfException("a link of " + name + " to " + place, -link);
            return Link.of(name, link);
        }
        try (var arena = Arena.ofConfined()) {
            var opts = arena.allocate(UPROBE);
            opts.set(JAVA_LONG, 0, UPROBE.byteSize());
            opts.set(JAVA_LONG, UPROBE.byteOffset(PathElement.groupElement("bpf_cookie")), place.cookie());
            opts.set(JAVA_INT, UPROBE.byteOffset(PathElement.groupElement("retprobe")), place.atReturn() ? 1 : 0);
            return Link.of(
                    name,
                    Libbpf.bpf_program__attach_uprobe_opts(
                            handle, place.file().toString(), place.offset(), opts, name));
        }
    }

    /** Runs a SEC("syscall") program once on a context of its own layout, and gives its return value. */
    public int run(MemorySegment context) {
        object.ensureLoaded();
        try (var arena = Arena.ofConfined()) {
            var opts = arena.allocate(TEST_RUN);
            opts.set(JAVA_LONG, 0, TEST_RUN.byteSize());
            opts.set(ADDRESS, CTX_IN, context);
            opts.set(JAVA_INT, CTX_SIZE_IN, (int) context.byteSize());
            int result = BpfCalls.bpf_prog_test_run_opts(fd(), opts);
            if (result < 0) throw new BpfException("bpf_prog_test_run_opts(" + name + ")", -result);
            return opts.get(JAVA_INT, RETVAL);
        }
    }

    /** Runs a SEC("iter/…") program for each entry that the map has now, here. */
    public void runForEach(BpfMap map) {
        Iteration.run(fd(), name, OptionalInt.of(map.fd()));
    }

    /** The kernel's id, as `bpftool prog` shows it. */
    public int id() {
        return (int) (info(INFO_ID) & 0xffff_ffffL);
    }

    /** Runs that the kernel left out, of all processes, because the program was at work on that processor already. */
    public long missed() {
        return info(INFO_RECURSION_MISSES);
    }

    /** The eight bytes at a place of struct bpf_prog_info; 0 where the kernel's is shorter. */
    private long info(int at) {
        object.ensureLoaded();
        try (var arena = Arena.ofConfined()) {
            var info = arena.allocate(INFO_BYTES, 8);
            var length = arena.allocateFrom(JAVA_INT, INFO_BYTES);
            int result = BpfCalls.bpf_obj_get_info_by_fd(fd(), info, length);
            if (result < 0) throw new BpfException("bpf_obj_get_info_by_fd(" + name + ")", -result);
            return info.get(JAVA_LONG_UNALIGNED, at);
        }
    }

    private static long offset(String field) {
        return TEST_RUN.byteOffset(PathElement.groupElement(field));
    }
}
