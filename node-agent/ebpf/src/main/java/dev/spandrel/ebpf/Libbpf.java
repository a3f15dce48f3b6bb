package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Raw layer: libbpf's functions by their own names. Int results are as libbpf gives them (negative: -errno); where libbpf
 * returns a pointer, NULL and errno are turned into a {@link BpfException}. Initialised by {@link Native#load} only.
 */
final class Libbpf {
    static final String SONAME = "libbpf.so.1";
    private static final Symbols LIBBPF = new Symbols(SONAME, SymbolLookup.libraryLookup(SONAME, Arena.global()));

    private static final MethodHandle libbpf_version_string = LIBBPF.handle("libbpf_version_string", ADDRESS);
    private static final MethodHandle libbpf_set_print = LIBBPF.handle("libbpf_set_print", ADDRESS, ADDRESS);
    private static final MethodHandle libbpf_probe_bpf_map_type =
            LIBBPF.handle("libbpf_probe_bpf_map_type", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_object__open_mem =
            LIBBPF.handleWithErrno("bpf_object__open_mem", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle bpf_object__load = LIBBPF.handle("bpf_object__load", JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_object__close =
            LIBBPF.handle("bpf_object__close", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle bpf_object__btf = LIBBPF.handle("bpf_object__btf", ADDRESS, ADDRESS);
    private static final MethodHandle bpf_object__next_map =
            LIBBPF.handle("bpf_object__next_map", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle bpf_object__next_program =
            LIBBPF.handle("bpf_object__next_program", ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle btf__raw_data = LIBBPF.handle("btf__raw_data", ADDRESS, ADDRESS, ADDRESS);

    private static final MethodHandle bpf_map__name = LIBBPF.handle("bpf_map__name", ADDRESS, ADDRESS);
    private static final MethodHandle bpf_map__fd = LIBBPF.handle("bpf_map__fd", JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_map__type = LIBBPF.handle("bpf_map__type", JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_map__key_size = LIBBPF.handle("bpf_map__key_size", JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_map__value_size = LIBBPF.handle("bpf_map__value_size", JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_map__max_entries = LIBBPF.handle("bpf_map__max_entries", JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_map__set_max_entries =
            LIBBPF.handle("bpf_map__set_max_entries", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle bpf_map__set_pin_path =
            LIBBPF.handle("bpf_map__set_pin_path", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle bpf_map__btf_key_type_id =
            LIBBPF.handle("bpf_map__btf_key_type_id", JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_map__btf_value_type_id =
            LIBBPF.handle("bpf_map__btf_value_type_id", JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_map__initial_value =
            LIBBPF.handle("bpf_map__initial_value", ADDRESS, ADDRESS, ADDRESS);

    private static final MethodHandle bpf_program__name = LIBBPF.handle("bpf_program__name", ADDRESS, ADDRESS);
    private static final MethodHandle bpf_program__section_name =
            LIBBPF.handle("bpf_program__section_name", ADDRESS, ADDRESS);
    private static final MethodHandle bpf_program__fd = LIBBPF.handle("bpf_program__fd", JAVA_INT, ADDRESS);
    private static final MethodHandle bpf_program__set_autoload =
            LIBBPF.handle("bpf_program__set_autoload", JAVA_INT, ADDRESS, JAVA_BOOLEAN);
    private static final MethodHandle bpf_program__set_expected_attach_type =
            LIBBPF.handle("bpf_program__set_expected_attach_type", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle bpf_program__attach =
            LIBBPF.handleWithErrno("bpf_program__attach", ADDRESS, ADDRESS);
    private static final MethodHandle bpf_program__attach_uprobe_opts = LIBBPF.handleWithErrno(
            "bpf_program__attach_uprobe_opts", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle bpf_map__reuse_fd =
            LIBBPF.handle("bpf_map__reuse_fd", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle bpf_link__destroy = LIBBPF.handle("bpf_link__destroy", JAVA_INT, ADDRESS);

    private Libbpf() {}

    static String libbpf_version_string() {
        try {
            return string((MemorySegment) libbpf_version_string.invokeExact());
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static void libbpf_set_print(MemorySegment callback) {
        try {
            var ignored = (MemorySegment) libbpf_set_print.invokeExact(callback);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    /** 1: supported, 0: not, negative: could not be found out. */
    static int libbpf_probe_bpf_map_type(int type) {
        try {
            return (int) libbpf_probe_bpf_map_type.invokeExact(type, MemorySegment.NULL);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static MemorySegment bpf_object__open_mem(MemorySegment elf, MemorySegment opts, String name) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Errno.LAYOUT);
            var object = (MemorySegment) bpf_object__open_mem.invokeExact(state, elf, elf.byteSize(), opts);
            if (object.address() == 0) throw new BpfException("bpf_object__open_mem(" + name + ")", Errno.of(state));
            return object;
        } catch (BpfException e) {
            throw e;
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_object__load(MemorySegment object) {
        try {
            return (int) bpf_object__load.invokeExact(object);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static void bpf_object__close(MemorySegment object) {
        try {
            bpf_object__close.invokeExact(object);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static MemorySegment bpf_object__btf(MemorySegment object) {
        try {
            return (MemorySegment) bpf_object__btf.invokeExact(object);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static MemorySegment bpf_object__next_map(MemorySegment object, MemorySegment map) {
        try {
            return (MemorySegment) bpf_object__next_map.invokeExact(object, map);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static MemorySegment bpf_object__next_program(MemorySegment object, MemorySegment program) {
        try {
            return (MemorySegment) bpf_object__next_program.invokeExact(object, program);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    /** The segment is libbpf's own and dies with the BTF. */
    static MemorySegment btf__raw_data(MemorySegment btf) {
        try (var arena = Arena.ofConfined()) {
            var size = arena.allocate(JAVA_INT);
            var bytes = (MemorySegment) btf__raw_data.invokeExact(btf, size);
            return bytes.reinterpret(Integer.toUnsignedLong(size.get(JAVA_INT, 0)));
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static String bpf_map__name(MemorySegment map) {
        try {
            return string((MemorySegment) bpf_map__name.invokeExact(map));
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map__fd(MemorySegment map) {
        try {
            return (int) bpf_map__fd.invokeExact(map);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map__type(MemorySegment map) {
        try {
            return (int) bpf_map__type.invokeExact(map);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map__key_size(MemorySegment map) {
        try {
            return (int) bpf_map__key_size.invokeExact(map);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map__value_size(MemorySegment map) {
        try {
            return (int) bpf_map__value_size.invokeExact(map);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map__max_entries(MemorySegment map) {
        try {
            return (int) bpf_map__max_entries.invokeExact(map);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map__set_max_entries(MemorySegment map, int entries) {
        try {
            return (int) bpf_map__set_max_entries.invokeExact(map, entries);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    /** NULL: it is not pinned. */
    static int bpf_map__set_pin_path(MemorySegment map, MemorySegment path) {
        try {
            return (int) bpf_map__set_pin_path.invokeExact(map, path);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map__btf_key_type_id(MemorySegment map) {
        try {
            return (int) bpf_map__btf_key_type_id.invokeExact(map);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map__btf_value_type_id(MemorySegment map) {
        try {
            return (int) bpf_map__btf_value_type_id.invokeExact(map);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    /** What a data section holds before load; empty where the map has none. */
    static MemorySegment bpf_map__initial_value(MemorySegment map) {
        try (var arena = Arena.ofConfined()) {
            var size = arena.allocate(JAVA_LONG);
            var value = (MemorySegment) bpf_map__initial_value.invokeExact(map, size);
            return value.address() == 0 ? MemorySegment.NULL : value.reinterpret(size.get(JAVA_LONG, 0));
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static String bpf_program__name(MemorySegment program) {
        try {
            return string((MemorySegment) bpf_program__name.invokeExact(program));
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static String bpf_program__section_name(MemorySegment program) {
        try {
            return string((MemorySegment) bpf_program__section_name.invokeExact(program));
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_program__fd(MemorySegment program) {
        try {
            return (int) bpf_program__fd.invokeExact(program);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_program__set_autoload(MemorySegment program, boolean autoload) {
        try {
            return (int) bpf_program__set_autoload.invokeExact(program, autoload);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_program__set_expected_attach_type(MemorySegment program, int type) {
        try {
            return (int) bpf_program__set_expected_attach_type.invokeExact(program, type);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static MemorySegment bpf_program__attach(MemorySegment program, String name) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Errno.LAYOUT);
            var link = (MemorySegment) bpf_program__attach.invokeExact(state, program);
            if (link.address() == 0) throw new BpfException("bpf_program__attach(" + name + ")", Errno.of(state));
            return link;
        } catch (BpfException e) {
            throw e;
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    /** For all processes that map the file. */
    static MemorySegment bpf_program__attach_uprobe_opts(
            MemorySegment program, String path, long offset, MemorySegment opts, String name) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Errno.LAYOUT);
            var link = (MemorySegment) bpf_program__attach_uprobe_opts.invokeExact(
                    state, program, -1, arena.allocateFrom(path), offset, opts);
            if (link.address() == 0) {
                int errno = Errno.of(state);
                throw new BpfException(
                        "bpf_program__attach_uprobe_opts(" + name + ", " + path + "+0x" + Long.toHexString(offset)
                                + (errno == Errno.EACCES ? "), for which this kernel wants CAP_SYS_ADMIN" : ")"),
                        errno);
            }
            return link;
        } catch (BpfException e) {
            throw e;
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_map__reuse_fd(MemorySegment map, int fd) {
        try {
            return (int) bpf_map__reuse_fd.invokeExact(map, fd);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    static int bpf_link__destroy(MemorySegment link) {
        try {
            return (int) bpf_link__destroy.invokeExact(link);
        } catch (Throwable t) {
            throw Symbols.unexpected(t);
        }
    }

    private static String string(MemorySegment pointer) {
        return pointer.address() == 0 ? "" : pointer.reinterpret(4096).getString(0);
    }
}
