package dev.spandrel.probe.type;

import java.util.List;
import java.util.stream.Collectors;

/** The type of a value. */
public sealed interface Type permits Type.Scalar, Type.Block, Aggregate {
    Type.Int INT64 = new Int(8, true);
    Type.Int UINT64 = new Int(8, false);

    /** Fits into a register; 8 bytes in maps and records. */
    sealed interface Scalar extends Type {}

    /** Lives in memory. */
    sealed interface Block extends Type {}

    record Int(int size, boolean signed) implements Scalar {
        @Override
        public String toString() {
            return (signed ? "int" : "uint") + size * 8;
        }
    }

    record Pointer(Type target, boolean user) implements Scalar {
        @Override
        public String toString() {
            return target + " *";
        }
    }

    /** Nothing: what a function gives that is called for what it does. */
    record None() implements Scalar {
        @Override
        public String toString() {
            return "nothing";
        }
    }

    /** Not known yet: a map or variable that nothing was assigned to so far. */
    record Unknown() implements Scalar {
        @Override
        public String toString() {
            return "nothing known";
        }
    }

    /** The attach point, as an index into the compiled program's names; `function` for its last part alone. */
    record ProbeName(boolean function) implements Scalar {
        @Override
        public String toString() {
            return "string";
        }
    }

    /** A number that whoever shows it knows a name for. */
    record Named(Naming naming) implements Scalar {
        @Override
        public String toString() {
            return naming.shown;
        }
    }

    enum Naming {
        USER("username"),
        ERROR("error"),
        SYSCALL("system call");

        private final String shown;

        Naming(String shown) {
            this.shown = shown;
        }
    }

    /** Zeroes fill it up; `size` counts the one that ends it. */
    record Text(int size) implements Block {
        @Override
        public String toString() {
            return "string[" + size + "]";
        }
    }

    /** A length in 4 bytes, then at most `size` bytes. */
    record Bytes(int size) implements Block {
        @Override
        public String toString() {
            return "buf[" + size + "]";
        }
    }

    /** Of the kernel or of the program; its members are looked up by name when they are asked for. */
    record Struct(String name) implements Block {
        @Override
        public String toString() {
            return name;
        }
    }

    record Array(Type element, int count) implements Block {
        @Override
        public String toString() {
            return element + "[" + count + "]";
        }
    }

    record Tuple(List<Type> parts) implements Block {
        @Override
        public String toString() {
            return parts.stream().map(Type::toString).collect(Collectors.joining(",", "(", ")"));
        }
    }

    /** Stack id and process. */
    record Stack(boolean kernel, StackMode mode, int depth) implements Block {
        @Override
        public String toString() {
            return kernel ? "kstack" : "ustack";
        }
    }

    enum StackMode {
        BPFTRACE,
        PERF,
        RAW
    }

    /** Address and process. */
    record Symbol(boolean kernel) implements Block {
        @Override
        public String toString() {
            return kernel ? "ksym" : "usym";
        }
    }

    /** Address family, then 16 bytes. */
    record Inet() implements Block {
        @Override
        public String toString() {
            return "inet";
        }
    }

    record Mac() implements Block {
        @Override
        public String toString() {
            return "mac_address";
        }
    }

    /** A format's index and nanoseconds since boot. */
    record Time() implements Block {
        @Override
        public String toString() {
            return "timestamp";
        }
    }

    /** A hierarchy's index and a cgroup id. */
    record CgroupPath() implements Block {
        @Override
        public String toString() {
            return "cgroup_path";
        }
    }

    /** Of the request that the thread answers; zeroes if there is none. */
    record TraceId() implements Block {
        @Override
        public String toString() {
            return "trace_id";
        }
    }

    /** Likewise; 0 if there is none. */
    record SpanId() implements Scalar {
        @Override
        public String toString() {
            return "span_id";
        }
    }

    /** What the request is called: its route, or its span's name; zeroes fill it up. */
    record RequestName(boolean route) implements Block {
        @Override
        public String toString() {
            return route ? "route" : "span_name";
        }
    }

    /** Whose the thread is: a cgroup's id, to which whoever shows it knows the name. */
    record Owner(Level level) implements Scalar {
        @Override
        public String toString() {
            return level.name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    enum Level {
        CONTAINER,
        POD,
        WORKLOAD
    }

    default boolean isInt() {
        return this instanceof Int;
    }

    /** Bytes in a map's key or value, in a tuple and in a record: a multiple of 8. */
    default int stored() {
        return switch (this) {
            case Scalar _ -> 8;
            case Text(int size) -> aligned(size);
            case Bytes(int size) -> aligned(size + 4);
            case Struct _ -> 8;
            case Array(Type element, int count) -> aligned(natural(element) * count);
            case Tuple(var parts) -> parts.stream().mapToInt(Type::stored).sum();
            case Stack _, Symbol _, Time _, CgroupPath _ -> 16;
            case Inet _ -> 24;
            case Mac _ -> 8;
            case TraceId _ -> 16;
            case RequestName _ -> RequestContext.LINE_BYTES;
            case Aggregate aggregate -> aggregate.slotBytes();
        };
    }

    /** Bytes in memory of the kernel or of a process. */
    static int natural(Type type) {
        return switch (type) {
            case Int(int size, var _) -> size;
            case Text(int size) -> size;
            case Array(Type element, int count) -> natural(element) * count;
            default -> 8;
        };
    }

    private static int aligned(int size) {
        return (size + 7) & -8;
    }
}
