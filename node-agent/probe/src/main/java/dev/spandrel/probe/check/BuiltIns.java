package dev.spandrel.probe.check;

import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names that have a value in every probe, and where they do not. */
final class BuiltIns {
    private static final Type.Pointer TASK = new Type.Pointer(new Type.Struct("struct task_struct"), false);
    private static final Map<String, Type> TYPES = Map.ofEntries(
            Map.entry("pid", Type.UINT64),
            Map.entry("tid", Type.UINT64),
            Map.entry("uid", Type.UINT64),
            Map.entry("gid", Type.UINT64),
            Map.entry("nsecs", Type.UINT64),
            Map.entry("elapsed", Type.UINT64),
            Map.entry("cpu", Type.UINT64),
            Map.entry("rand", Type.UINT64),
            Map.entry("cgroup", Type.UINT64),
            Map.entry("jiffies", Type.UINT64),
            Map.entry("numaid", Type.UINT64),
            Map.entry("ncpus", Type.UINT64),
            Map.entry("usermode", Type.UINT64),
            Map.entry("ppid", Type.UINT64),
            Map.entry("comm", new Type.Text(16)),
            Map.entry("curtask", TASK),
            Map.entry("probe", new Type.ProbeName(false)),
            Map.entry("func", new Type.ProbeName(true)),
            Map.entry("username", new Type.Named(Type.Naming.USER)),
            Map.entry("kstack", new Type.Stack(true, Type.StackMode.BPFTRACE, 127)),
            Map.entry("ustack", new Type.Stack(false, Type.StackMode.BPFTRACE, 127)));

    private BuiltIns() {}

    static List<String> names() {
        var names = new ArrayList<>(TYPES.keySet());
        names.addAll(List.of("args", "ctx", "retval", "arg0", "arg1", "sarg0"));
        return names;
    }

    static Optional<Type> type(String name) {
        if (name.matches("s?arg\\d")) return Optional.of(Type.UINT64);
        if (name.equals("retval")) return Optional.of(Type.INT64);
        return Optional.ofNullable(TYPES.get(name));
    }

    /** Why the name has no value in probes of this target. */
    static Optional<String> missing(String name, Target target) {
        boolean entry = target instanceof Target.Uprobe(var _, var _, var _, boolean atReturn) && !atReturn
                || target instanceof Target.Kprobe(var _, var _, boolean back) && !back;
        boolean returns = target instanceof Target.Uprobe || target instanceof Target.Kprobe;
        if (name.equals("retval"))
            return reason(
                    returns && !entry || target instanceof Target.KernelFunction(var _, boolean after) && after,
                    "retval is there in uretprobe, kretprobe and fexit; a tracepoint sys_exit has args.ret");
        if (name.matches("arg\\d") && target instanceof Target.Usdt usdt) return ofStatic(name, usdt);
        if (name.matches("arg\\d"))
            return reason(
                    entry || target instanceof Target.RawTracepoint,
                    name + " is there in uprobe, usdt and rawtracepoint; a tracepoint has args.NAME");
        if (name.matches("sarg\\d")) return reason(entry, name + " is there in uprobe alone");
        if (name.equals("usermode"))
            return reason(target.hasRegisters(), "usermode is there in probes that find the processor's registers");
        if (name.equals("func"))
            return reason(
                    returns || target instanceof Target.Usdt || target instanceof Target.KernelFunction,
                    "func is there in probes of functions");
        return Optional.empty();
    }

    private static Optional<String> ofStatic(String name, Target.Usdt probe) {
        if (probe.isNowhere()) return Optional.empty();
        var arguments = StaticArgument.all(probe.arguments());
        int index = name.charAt(3) - '0';
        if (index >= arguments.size())
            return Optional.of(probe.name() + " has " + arguments.size()
                    + (arguments.size() == 1 ? " argument: arg0" : " arguments, counted from arg0"));
        return arguments.get(index).operand() instanceof StaticArgument.Unknown(var written)
                ? Optional.of(name + " of " + probe.name() + " is where no program can look: " + written)
                : Optional.empty();
    }

    private static Optional<String> reason(boolean there, String why) {
        return there ? Optional.empty() : Optional.of(why);
    }
}
