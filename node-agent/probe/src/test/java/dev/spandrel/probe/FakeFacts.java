package dev.spandrel.probe;

import dev.spandrel.probe.type.Facts;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Layout.Member;
import dev.spandrel.probe.type.Tracepoint;
import dev.spandrel.probe.type.Tracepoint.Field;
import dev.spandrel.probe.type.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A small kernel that is the same everywhere. */
public final class FakeFacts implements Facts {
    private static final Type CHARS = new Type.Pointer(new Type.Int(1, true), true);
    private static final Map<String, Tracepoint> TRACEPOINTS = new LinkedHashMap<>();

    static {
        add(
                "syscalls",
                "sys_enter_openat",
                600,
                field("dfd", new Type.Int(4, true), 16),
                field("filename", CHARS, 24),
                field("flags", new Type.Int(4, true), 32));
        add("syscalls", "sys_exit_openat", 599, field("ret", Type.INT64, 16));
        add(
                "syscalls",
                "sys_enter_read",
                700,
                field("fd", new Type.Int(4, false), 16),
                field("count", Type.UINT64, 32));
        add(
                "syscalls",
                "sys_enter_write",
                701,
                field("fd", new Type.Int(4, false), 16),
                field("count", Type.UINT64, 32));
        add(
                "sched",
                "sched_switch",
                300,
                new Field("prev_comm", new Type.Text(16), 8, 16, false, "char prev_comm[16]"),
                new Field("prev_pid", new Type.Int(4, true), 24, 4, false, "pid_t prev_pid"),
                new Field("next_pid", new Type.Int(4, true), 56, 4, false, "pid_t next_pid"));
    }

    private static Field field(String name, Type type, int offset) {
        return new Field(name, type, offset, 8, false, type + " " + name);
    }

    private static void add(String category, String name, int id, Field... fields) {
        TRACEPOINTS.put(category + ":" + name, new Tracepoint(category, name, id, List.of(fields)));
    }

    private static final Layout TASK = layout(
            "struct task_struct",
            64,
            new Member("pid", new Type.Int(4, true), 8),
            new Member("flags", new Type.Int(4, false), 12, 3, 2),
            new Member("comm", new Type.Array(new Type.Int(1, true), 16), 16),
            new Member("parent", new Type.Pointer(new Type.Struct("struct task_struct"), false), 32),
            new Member("se", new Type.Struct("struct sched_entity"), 40));
    private static final Layout ENTITY = layout(
            "struct sched_entity",
            16,
            new Member("runtime", Type.UINT64, 0),
            new Member("load", new Type.Array(new Type.Int(4, false), 2), 8));

    private static final Layout ITERATED = layout(
            "struct bpf_iter__task",
            16,
            new Member("meta", new Type.Pointer(new Type.Struct("struct bpf_iter_meta"), false), 0),
            new Member("task", new Type.Pointer(new Type.Struct("struct task_struct"), false), 8));

    private static Layout layout(String name, int size, Member... members) {
        var all = new LinkedHashMap<String, Member>();
        for (Member member : members) all.put(member.name(), member);
        return new Layout(name, size, all);
    }

    @Override
    public Optional<Type> type(String name) {
        return layout(name).map(l -> new Type.Struct(name));
    }

    @Override
    public Optional<Layout> layout(String struct) {
        return Optional.ofNullable(
                Map.of("struct task_struct", TASK, "struct sched_entity", ENTITY, "struct bpf_iter__task", ITERATED)
                        .get(struct));
    }

    @Override
    public OptionalLong constant(String name) {
        return name.equals("PIDTYPE_PID") ? OptionalLong.of(0) : OptionalLong.empty();
    }

    @Override
    public List<String> structs() {
        return List.of("struct task_struct", "struct sched_entity");
    }

    @Override
    public List<String> tracepoints(String category, String name) {
        String pattern = (category + ":" + name).replace("*", ".*");
        return TRACEPOINTS.keySet().stream()
                .filter(n -> n.matches(pattern))
                .sorted()
                .toList();
    }

    @Override
    public Optional<Tracepoint> tracepoint(String category, String name) {
        return Optional.ofNullable(TRACEPOINTS.get(category + ":" + name));
    }

    @Override
    public Optional<List<Member>> rawTracepoint(String name) {
        return name.equals("sched_process_exit")
                ? Optional.of(
                        List.of(new Member("p", new Type.Pointer(new Type.Struct("struct task_struct"), false), 0)))
                : Optional.empty();
    }

    @Override
    public List<String> rawTracepoints(String pattern) {
        return "sched_process_exit".matches(pattern.replace("*", ".*")) ? List.of("sched_process_exit") : List.of();
    }

    @Override
    public OptionalInt syscall(String name) {
        var number = Map.of("openat", 257, "read", 0, "write", 1).get(name.replaceFirst("^(enter|exit)_", ""));
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    @Override
    public List<String> functions(String path, String pattern) {
        return List.of("main", "readline", "readline_internal").stream()
                .filter(n -> n.matches(pattern.replace("*", ".*")))
                .toList();
    }

    @Override
    public List<Member> userFunction(String path, String name) {
        return name.equals("readline")
                ? List.of(new Member("prompt", CHARS, 0), new Member("length", new Type.Int(2, true), 16))
                : List.of();
    }

    @Override
    public List<String> files(String path) {
        return path.equals("/bin/bash") ? List.of(path) : List.of();
    }

    @Override
    public List<String> staticProbes(String path, String pattern) {
        return pattern.equals("db:query") ? List.of("db:query") : List.of();
    }

    @Override
    public List<String> staticArguments(String path, String probe) {
        return List.of("8@%rdi -4@-20(%rbp) 4@$7 -2@(%rax,%rbx,2)");
    }

    @Override
    public List<String> iterators() {
        return List.of("task");
    }

    @Override
    public List<String> kernelFunctions(String pattern) {
        return List.of("vfs_read", "vfs_write").stream()
                .filter(n -> n.matches(pattern.replace("*", ".*")))
                .toList();
    }

    @Override
    public Optional<List<Member>> kernelFunction(String name) {
        return Optional.of(List.of(
                new Member("file", new Type.Pointer(new Type.Struct("struct task_struct"), false), 0),
                new Member("count", Type.UINT64, 8),
                new Member("retval", Type.INT64, 16)));
    }

    @Override
    public OptionalLong kernelSymbol(String name) {
        return name.equals("jiffies") ? OptionalLong.of(0xffffffff81000000L) : OptionalLong.empty();
    }

    @Override
    public OptionalLong userSymbol(String path, String name) {
        return OptionalLong.empty();
    }

    @Override
    public OptionalLong cgroup(String path) {
        return OptionalLong.empty();
    }

    @Override
    public Optional<String> refused(String provider) {
        return provider.endsWith("watchpoint")
                ? Optional.empty()
                : Optional.of("this kernel refuses: it is built without kprobes");
    }

    @Override
    public int cpus() {
        return 2;
    }

    @Override
    public int ticks() {
        return 100;
    }
}
