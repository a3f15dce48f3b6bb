package dev.spandrel.probe.check;

import java.util.Optional;

/** What a program is attached to. */
public sealed interface Target {
    /** Run once by whoever loads it. */
    record Begin() implements Target {}

    record End() implements Target {}

    record Interval(long nanos) implements Target {}

    /** On every CPU; `hertz` or, if that is 0, a period. */
    record Profile(long hertz, long nanos) implements Target {}

    record Software(int event, long count) implements Target {}

    record Hardware(int event, long count) implements Target {}

    /**
     * Each access to so many bytes of memory.
     *
     * @param access a sum of {@link #READ}, {@link #WRITE} and {@link #EXECUTE}
     * @param pid of the process whose memory it is; absent: the kernel's
     */
    record Watchpoint(long address, int bytes, int access, Optional<Integer> pid) implements Target {
        public static final int READ = 1;
        public static final int WRITE = 2;
        public static final int EXECUTE = 4;
    }

    record Tracepoint(String category, String name, int id) implements Target {}

    record RawTracepoint(String name) implements Target {}

    /** Run for each of the kernel's objects of a kind, once, by whoever loads it; what it is called with is a struct bpf_iter__KIND. */
    record Iterator(String objects) implements Target {
        public static final String STRUCT = "struct bpf_iter__";

        public String struct() {
            return STRUCT + objects;
        }
    }

    /** Run when whoever loaded the program gets this signal. */
    record Self(String signal) implements Target {}

    /** One of the system calls that share a raw tracepoint. */
    record Syscall(int number, boolean enter) implements Target {}

    /** A function of the kernel, by a breakpoint. */
    record Kprobe(String function, long offset, boolean atReturn) implements Target {}

    /** A function of the kernel, by a call that the compiler left room for; arguments have their types. */
    record KernelFunction(String function, boolean atReturn) implements Target {}

    /** @param path empty: no process has the file yet */
    record Uprobe(String path, String symbol, long offset, boolean atReturn) implements Target {
        public boolean isNowhere() {
            return path.isEmpty();
        }
    }

    /**
     * Places in the file that have their arguments in the same registers.
     *
     * @param path empty: no process has the file yet, and nothing is known of the arguments
     */
    record Usdt(String path, String provider, String name, String arguments) implements Target {
        public boolean isNowhere() {
            return path.isEmpty();
        }
    }

    /** Whether its arguments are a system call's, however it is attached to. */
    default boolean isSyscall() {
        return this instanceof Syscall
                || this instanceof Tracepoint(var category, var _, int _) && category.equals("syscalls");
    }

    default boolean hasRegisters() {
        return switch (this) {
            case Interval _, Profile _, Software _, Hardware _, Watchpoint _, Kprobe _, Uprobe _, Usdt _ -> true;
            case Begin _, End _, Self _, Iterator _, Tracepoint _, RawTracepoint _, Syscall _, KernelFunction _ ->
                false;
        };
    }

    default boolean userSpace() {
        return this instanceof Uprobe
                || this instanceof Usdt
                || isSyscall()
                || this instanceof Watchpoint(var _, var _, var _, var pid) && pid.isPresent();
    }
}
