package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.StaticArgument;
import dev.spandrel.probe.check.Target;
import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Reg;

/** Built-in names that fit into a register. */
final class BuiltIns {
    private final Context context;

    BuiltIns(Context context) {
        this.context = context;
    }

    int value(String name) {
        var code = context.code;
        return switch (name) {
            case "pid" -> code.alu(Op.RSH, code.call(Helper.PID_TGID), 32);
            case "tid" -> context.values.narrow(code.call(Helper.PID_TGID), 4, false);
            case "uid", "username" -> context.values.narrow(code.call(Helper.UID_GID), 4, false);
            case "gid" -> code.alu(Op.RSH, code.call(Helper.UID_GID), 32);
            case "nsecs" -> code.call(Helper.BOOT_NANOS);
            case "elapsed" -> elapsed();
            case "cpu" -> code.call(Helper.CPU);
            case "rand" -> code.call(Helper.RANDOM);
            case "cgroup" -> code.call(Helper.CGROUP_ID);
            case "jiffies" -> code.call(Helper.JIFFIES);
            case "ncpus" -> code.constant(context.tables.cpus);
            case "numaid" -> code.call(Helper.NUMA_NODE);
            case "ppid" -> parent();
            case "curtask" -> code.call(Helper.CURRENT_TASK);
            case "ctx" -> copy(context.given());
            case "probe", "func" -> point();
            case "retval" -> result();
            case "usermode" -> usermode();
            default ->
                name.startsWith("sarg")
                        ? onStack(Integer.parseInt(name.substring(4)))
                        : argument(Integer.parseInt(name.substring(3)));
        };
    }

    private int copy(int from) {
        int to = context.code.register();
        context.code.move(to, from);
        return to;
    }

    /** The process id of the process that started this one; 0 where the kernel's types are not known. */
    private int parent() {
        var layout = context.structs.layout("struct task_struct");
        var parent = layout.map(l -> l.members().get("real_parent"));
        var process = layout.map(l -> l.members().get("tgid"));
        if (parent.isEmpty() || process.isEmpty()) return context.code.constant(0);
        var fields = context.values.fields();
        int task = context.code.call(Helper.CURRENT_TASK);
        int of = fields.read(new Fields.Location(task, parent.get().offset(), Space.OWN), 8);
        return fields.read(new Fields.Location(of, process.get().offset(), Space.OWN), 4);
    }

    private int elapsed() {
        var code = context.code;
        var key = context.take(8);
        code.store(key.base(), key.offset(), 4, 0L);
        int found = code.call(Helper.MAP_LOOKUP, code.map(context.tables.start()), context.address(key));
        int result = code.register();
        int done = code.label();
        code.add(new Ir.Const(result, 0));
        code.branch(Ir.Condition.EQ, found, 0, done);
        int start = code.load(found, 0, 8);
        code.add(new Ir.Alu(Op.SUB, result, code.call(Helper.BOOT_NANOS), new Reg(start)));
        code.place(done);
        return result;
    }

    /** Which of the program's attach points: known now, told by the prologue, or given when it was attached. */
    private int point() {
        if (context.instance().points().size() == 1) return context.code.constant(context.firstPoint);
        if (context.pointIndex != Ir.NOWHERE) return context.pointIndex;
        return context.code.call(Helper.ATTACH_COOKIE, new Reg(context.given()));
    }

    private int result() {
        int at = context.instance().target() instanceof Target.KernelFunction
                ? context.instance().raw().getLast().offset()
                : context.arch.offset(context.arch.result).orElseThrow();
        return context.code.load(context.given(), at, 8);
    }

    private int usermode() {
        int segment = context.register("cs", context.instance().probe().body().span());
        return context.code.alu(Op.AND, segment, 1);
    }

    private int argument(int index) {
        if (context.instance().target() instanceof Target.RawTracepoint)
            return context.code.load(context.given(), 8 * index, 8);
        if (context.instance().target() instanceof Target.Usdt usdt && usdt.isNowhere())
            return context.code.constant(0);
        if (context.instance().target() instanceof Target.Usdt usdt)
            return new StaticArguments(context)
                    .value(StaticArgument.all(usdt.arguments()).get(index));
        var offset = context.arch.argument(index);
        if (offset.isPresent()) return context.code.load(context.given(), offset.get(), 8);
        return onStack(index - context.arch.registerArguments());
    }

    /** Above the return address, where there is one on the stack. */
    private int onStack(int index) {
        int stack = context.code.load(
                context.given(), context.arch.offset(context.arch.stackPointer).orElseThrow(), 8);
        int above = context.arch == Arch.X86_64 ? 8 : 0;
        return context.values.fields().read(new Fields.Location(stack, 8 * index + above, Space.PROCESS), 8);
    }
}
