package dev.spandrel.probe.live.session;

import dev.spandrel.ebpf.Bpf;
import dev.spandrel.ebpf.LoadedProgram;
import dev.spandrel.ebpf.ProgramType;
import dev.spandrel.probe.check.Target;
import dev.spandrel.probe.codegen.Instruction;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.output.Compiled;
import dev.spandrel.probe.syntax.Source;
import java.util.List;

/** Hands programs to the kernel. What its verifier says against one is told in terms of the source. */
final class Loader {
    private final Source source;
    private final HostFacts facts;
    private final Maps maps;

    Loader(Source source, HostFacts facts, Maps maps) {
        this.source = source;
        this.facts = facts;
        this.maps = maps;
    }

    LoadedProgram load(Compiled.Body body) {
        var instructions = encoded(body.instructions());
        var functions = body.functions().stream().mapToInt(f -> f).toArray();
        if (manyUprobes(body)
                && Bpf.load(body.name(), ProgramType.LINKED_UPROBE, instructions, 0, functions)
                        instanceof Bpf.Loaded.Program(var program)) return program;
        return switch (Bpf.load(body.name(), type(body.kind()), instructions, attachTo(body), functions)) {
            case Bpf.Loaded.Program(var program) -> program;
            case Bpf.Loaded.Refused(int _, var reason, var log) -> throw explained(body, reason, log);
        };
    }

    /** Kernels before 6.6 do not take them together: then each is attached by itself. */
    private static boolean manyUprobes(Compiled.Body body) {
        return body.points().size() > 1 && body.points().stream().allMatch(p -> p.target() instanceof Target.Uprobe);
    }

    private long[] encoded(List<Instruction> instructions) {
        return instructions.stream()
                .mapToLong(i -> i.map() == null ? i.encoded() : i.encoded(maps.descriptor(i.map())))
                .toArray();
    }

    private static ProgramType type(Compiled.Kind kind) {
        return switch (kind) {
            case RAW_TRACEPOINT -> ProgramType.TYPED_TRACEPOINT;
            case TRACEPOINT -> ProgramType.TRACEPOINT;
            case UPROBE, KPROBE -> ProgramType.KPROBE;
            case FENTRY -> ProgramType.FUNCTION_ENTRY;
            case FEXIT -> ProgramType.FUNCTION_EXIT;
            case ITERATOR -> ProgramType.ITERATOR;
            case PERF_EVENT -> ProgramType.PERF_EVENT;
            case CALLED -> ProgramType.RAW_TRACEPOINT;
        };
    }

    private int attachTo(Compiled.Body body) {
        if (body.points().getFirst().target() instanceof Target.KernelFunction(var function, var _))
            return facts.functionId(function)
                    .orElseThrow(() -> new Refusal("the kernel's BTF has no function " + function));
        if (body.points().getFirst().target() instanceof Target.Iterator(var objects))
            return facts.functionId("bpf_iter_" + objects)
                    .orElseThrow(() -> new Refusal("the kernel's BTF has no iterator over " + objects));
        if (body.kind() != Compiled.Kind.RAW_TRACEPOINT) return 0;
        String name = rawName(body.points().getFirst().target());
        return facts.tracepointId(name).orElseThrow(() -> new Refusal("the kernel's BTF has no tracepoint " + name));
    }

    static String rawName(Target target) {
        return switch (target) {
            case Target.Syscall(var _, boolean enter) -> enter ? "sys_enter" : "sys_exit";
            case Target.RawTracepoint(var name) -> name;
            case Target.KernelFunction(var name, var _) -> name;
            default -> throw new IllegalArgumentException(target.toString());
        };
    }

    private Refusal explained(Compiled.Body body, String reason, String log) {
        var found = VerifierLog.read(log, reason, body.instructions(), source);
        int start = found.span().start();
        int line = source.line(start);
        int column = source.column(start);
        String said = "the kernel refuses this program: " + found.words();
        return new Refusal(
                "%s:%d:%d: error: %s%n  %s".formatted(source.name(), line, column, said, source.lineText(start)),
                said,
                line,
                column);
    }
}
