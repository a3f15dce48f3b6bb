package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.Checked;
import dev.spandrel.probe.check.Instance;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.check.Target;
import dev.spandrel.probe.check.Uses;
import dev.spandrel.probe.codegen.Functions;
import dev.spandrel.probe.codegen.Generator;
import dev.spandrel.probe.ir.Code;
import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.output.Compiled;
import dev.spandrel.probe.output.Compiled.Kind;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Writes the code of every program and has it generated. */
public final class Lowering {
    private Lowering() {}

    /** @param seen is shown each program's code before registers are handed out */
    public static Compiled lower(Checked checked, Arch arch, Diagnostics diagnostics, BiConsumer<String, Code> seen) {
        var tables = new Tables(checked);
        var programs = new ArrayList<Compiled.Body>();
        for (var body : checked.bodies()) {
            int first = tables.points.size();
            tables.points.addAll(body.instance().points());
            int number = programs.size();
            String name = "probe_" + number;
            var context = new Context(checked, body, tables, arch, number, first, diagnostics);
            program(context);
            seen.accept(name, context.code);
            var generated = Generator.program(context.code, context.frame.bytes());
            int functionBytes = context.functions.stream()
                    .mapToInt(Generator.Generated::stackBytes)
                    .max()
                    .orElse(0);
            if (generated.stackBytes() + functionBytes > Generator.STACK_BYTES)
                diagnostics.error(
                        body.instance().probe().body().span(),
                        "this probe needs more than the " + Generator.STACK_BYTES
                                + " bytes of stack that a BPF program has",
                        "split it into two probes, or keep fewer values at a time");
            var linked = Functions.link(
                    generated.instructions(),
                    context.functions.stream()
                            .map(Generator.Generated::instructions)
                            .toList());
            programs.add(new Compiled.Body(
                    name,
                    kind(body.instance().target()),
                    linked.instructions(),
                    linked.starts(),
                    body.instance().points(),
                    first,
                    readsStack(body.instance())));
        }
        return new Compiled(
                List.copyOf(tables.maps.values()),
                programs,
                List.copyOf(tables.points),
                List.copyOf(tables.actions),
                List.copyOf(tables.timeFormats),
                tables.headBytes);
    }

    private static boolean readsStack(Instance instance) {
        return Uses.any(
                instance.probe(),
                e -> e instanceof Expr.Name(var _, var name) && name.matches("sarg\\d|arg[6-9]|ctx|ustack")
                        || e instanceof Expr.Call(var _, var function, var _)
                                && (function.equals("reg") || function.equals("ustack")));
    }

    private static Kind kind(Target target) {
        return switch (target) {
            case Target.Begin _, Target.End _, Target.Self _ -> Kind.CALLED;
            case Target.Iterator _ -> Kind.ITERATOR;
            case Target.Interval _, Target.Profile _, Target.Software _, Target.Hardware _, Target.Watchpoint _ ->
                Kind.PERF_EVENT;
            case Target.Tracepoint _ -> Kind.TRACEPOINT;
            case Target.RawTracepoint _, Target.Syscall _ -> Kind.RAW_TRACEPOINT;
            case Target.Kprobe _ -> Kind.KPROBE;
            case Target.KernelFunction(var _, boolean atReturn) -> atReturn ? Kind.FEXIT : Kind.FENTRY;
            case Target.Uprobe _, Target.Usdt _ -> Kind.UPROBE;
        };
    }

    private static void program(Context context) {
        var code = context.code;
        var probe = context.instance().probe();
        code.at(probe.body().span());
        if (MapLoops.has(probe.body())) context.frame.leavesRoomForFunctions();
        which(context);
        select(context);
        int afterSelection = code.size();
        variables(context);
        context.requests.before(probe.predicate());
        probe.predicate().ifPresent(predicate -> {
            var mark = context.frame.mark();
            code.at(predicate.span());
            int taken = code.label();
            context.values.branch(predicate, taken, context.end);
            code.place(taken);
            context.frame.release(mark);
        });
        context.requests.before(probe.body());
        new Statements(context).block(probe.body());
        code.at(probe.body().span());
        code.place(context.end);
        code.add(new Ir.Exit(0));
        findScratch(context, afterSelection);
    }

    /** Before the line of this number, if the code has come to need scratch memory. */
    static void findScratch(Context context, int line) {
        if (!context.usesScratch()) return;
        var code = context.code;
        code.beginInsert(line);
        var key = context.take(8);
        code.store(key.base(), key.offset(), 4, 0L);
        int found = code.call(
                Helper.MAP_LOOKUP,
                code.map(context.tables.scratch(context.program, context.frame.scratchBytes())),
                context.address(key));
        code.branch(Condition.EQ, found, 0, context.end);
        code.move(context.scratch(), found);
        code.endInsert();
    }

    /** Variables have a value from the start, so that what is assigned under a condition may be read after it. */
    private static void variables(Context context) {
        context.body.variables().forEach((name, type) -> {
            if (type instanceof Type.Block block) {
                var place = context.take(block.stored());
                context.memory.clear(place, 0, block.stored());
                context.blocks.put(name, place);
            } else {
                int register = context.code.register();
                context.code.add(new Ir.Const(register, 0));
                context.scalars.put(name, register);
            }
        });
    }

    /** Of the calls that share a raw tracepoint, those that are meant go on. */
    private static void which(Context context) {
        if (!(context.instance().target() instanceof Target.Syscall(var _, boolean enter))) return;
        var code = context.code;
        context.syscallNumber = enter
                ? code.load(context.given(), 8, 8)
                : code.load(
                        code.load(context.given(), 0, 8), context.arch.syscallNumber, context.arch.syscallNumberBytes);
        Map<Integer, Long> wanted = new HashMap<>();
        var points = context.instance().points();
        for (int i = 0; i < points.size(); i++)
            if (points.get(i).target() instanceof Target.Syscall(int number, var _))
                wanted.putIfAbsent(number, context.firstPoint + i + 1L);
        if (wanted.size() == 1) {
            code.branch(
                    Condition.NE,
                    context.syscallNumber,
                    wanted.keySet().iterator().next(),
                    context.end);
            return;
        }
        var key = context.take(8);
        code.store(key.base(), key.offset(), 4, context.syscallNumber);
        int found = code.call(
                Helper.MAP_LOOKUP, code.map(context.tables.syscalls(context.program, wanted)), context.address(key));
        code.branch(Condition.EQ, found, 0, context.end);
        int index = code.load(found, 0, 8);
        code.branch(Condition.EQ, index, 0, context.end);
        context.pointIndex = code.alu(Op.SUB, index, 1);
    }

    /** Gives way to another version, and goes on only where it is to look. */
    private static void managed(Context context, Options.Managed managed, boolean always) {
        var code = context.code;
        if (kind(context.instance().target()) != Kind.CALLED) {
            var gate = context.take(8);
            code.store(gate.base(), gate.offset(), 4, 0L);
            int open = code.call(Helper.MAP_LOOKUP, code.map(context.tables.gate()), context.address(gate));
            code.branch(Condition.EQ, open, 0, context.end);
            code.branch(Condition.NE, code.load(open, 0, 8), managed.number(), context.end);
        }
        context.cgroup = code.call(Helper.CGROUP_ID);
        if (always || !managed.selected()) return;
        var key = context.take(8);
        code.store(key.base(), key.offset(), 8, context.cgroup);
        int found = code.call(Helper.MAP_LOOKUP, code.map(context.tables.selected()), context.address(key));
        code.branch(Condition.EQ, found, 0, context.end);
    }

    /** The last call is for no object: it says that there are no more. */
    private static void iterated(Context context, Target.Iterator over) {
        var code = context.code;
        var members = context.structs.layout(over.struct()).orElseThrow().members();
        members.values().stream()
                .filter(m -> m.type() instanceof Type.Pointer && !m.name().equals("meta"))
                .findFirst()
                .ifPresent(m -> code.branch(Condition.EQ, code.load(context.given(), m.offset(), 8), 0, context.end));
        var pid = context.options.selection().pid();
        var task = context.structs
                .layout("struct task_struct")
                .map(l -> l.members().get("tgid"));
        if (pid.isEmpty() || task.isEmpty()) return;
        var fields = context.values.fields();
        int object = fields.read(
                new Fields.Location(context.given(), members.get("task").offset(), Space.OWN), 8);
        int tgid = fields.read(new Fields.Location(object, task.get().offset(), Space.OWN), 4);
        code.branch(Condition.NE, tgid, pid.get(), context.end);
    }

    private static void select(Context context) {
        if (context.instance().target() instanceof Target.Iterator over) {
            iterated(context, over);
            return;
        }
        var selection = context.options.selection();
        boolean always = kind(context.instance().target()) == Kind.CALLED
                || context.instance().target() instanceof Target.Interval;
        selection.managed().ifPresent(managed -> managed(context, managed, always));
        if (selection.all() || always) return;
        var code = context.code;
        selection.pid().ifPresent(pid -> {
            int tgid = code.alu(Op.RSH, code.call(Helper.PID_TGID), 32);
            code.branch(Condition.NE, tgid, pid, context.end);
        });
        if (selection.cgroup()) {
            int under = code.call(Helper.UNDER_CGROUP, code.map(context.tables.cgroups()), new Imm(0));
            code.branch(Condition.NE, under, 1, context.end);
        }
    }
}
