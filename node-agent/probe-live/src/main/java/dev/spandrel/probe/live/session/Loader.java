package dev.spandrel.probe.live.session;

import dev.spandrel.ebpf.Bpf;
import dev.spandrel.ebpf.LoadedProgram;
import dev.spandrel.ebpf.ProgramType;
import dev.spandrel.probe.check.Target;
import dev.spandrel.probe.codegen.Instruction;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.output.Compiled;
import dev.spandrel.probe.syntax.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Hands programs to the kernel. What its verifier says against one is told in terms of the source. */
final class Loader {
    private static final Pattern AT = Pattern.compile("^(\\d+): \\(");

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
        return switch (Bpf.load(body.name(), type(body.kind()), instructions, attachTo(body))) {
            case Bpf.Loaded.Program(var program) -> program;
            case Bpf.Loaded.Refused(int _, var reason, var log) -> throw new Refusal(explained(body, reason, log));
        };
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
            case UPROBE -> ProgramType.KPROBE;
            case PERF_EVENT -> ProgramType.PERF_EVENT;
            case CALLED -> ProgramType.RAW_TRACEPOINT;
        };
    }

    private int attachTo(Compiled.Body body) {
        if (body.kind() != Compiled.Kind.RAW_TRACEPOINT) return 0;
        String name = rawName(body.points().getFirst().target());
        return facts.tracepointId(name).orElseThrow(() -> new Refusal("the kernel's BTF has no tracepoint " + name));
    }

    static String rawName(Target target) {
        return switch (target) {
            case Target.Syscall(var _, boolean enter) -> enter ? "sys_enter" : "sys_exit";
            case Target.RawTracepoint(var name) -> name;
            default -> throw new IllegalArgumentException(target.toString());
        };
    }

    /** The line of the source where the verifier stopped, and its own last words. */
    private String explained(Compiled.Body body, String reason, String log) {
        int instruction = 0;
        var said = new ArrayList<String>();
        for (String line : log.split("\n")) {
            var matcher = AT.matcher(line);
            if (matcher.find()) instruction = Integer.parseInt(matcher.group(1));
            else if (!line.isBlank() && !line.startsWith("processed ")) said.add(line);
        }
        var span = body.instructions()
                .get(Math.min(instruction, body.instructions().size() - 1))
                .span();
        String last = said.isEmpty() ? reason : said.getLast();
        return "%s:%d:%d: error: the kernel refuses this program: %s (%s)%n  %s"
                .formatted(
                        source.name(),
                        source.line(span.start()),
                        source.column(span.start()),
                        last,
                        reason,
                        source.lineText(span.start()));
    }
}
