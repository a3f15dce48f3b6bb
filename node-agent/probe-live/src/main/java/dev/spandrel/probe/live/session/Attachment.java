package dev.spandrel.probe.live.session;

import dev.spandrel.ebpf.LoadedProgram;
import dev.spandrel.ebpf.PerfEvent;
import dev.spandrel.ebpf.code.Abi;
import dev.spandrel.ebpf.code.Placement;
import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.probe.check.Instance.Point;
import dev.spandrel.probe.check.Target;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.facts.StaticProbes;
import dev.spandrel.probe.output.Compiled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Attaches programs; closing detaches all of them. */
final class Attachment implements AutoCloseable {
    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

    private final HostFacts facts;
    private final int pid;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** @param pid the only process to see user probes of, or {@link PerfEvent#EVERY_PROCESS} */
    Attachment(HostFacts facts, int pid) {
        this.facts = facts;
        this.pid = pid;
    }

    void attach(Compiled.Body body, LoadedProgram program) {
        if (body.kind() == Compiled.Kind.RAW_TRACEPOINT) {
            open.push(program.attachTracepoint(
                    Loader.rawName(body.points().getFirst().target())));
            return;
        }
        for (int i = 0; i < body.points().size(); i++) point(body, body.points().get(i), program, body.first() + i);
    }

    private void point(Compiled.Body body, Point point, LoadedProgram program, long cookie) {
        switch (point.target()) {
            case Target.Tracepoint(var category, var name, int id) ->
                event(PerfEvent.tracepoint(category + ":" + name, id), program, cookie);
            case Target.Interval(long nanos) -> event(PerfEvent.software(point.name(), 0, nanos, 0), program, cookie);
            case Target.Profile(long hertz, long nanos) -> {
                for (int cpu : onlineCpus())
                    event(
                            hertz > 0
                                    ? PerfEvent.frequency(point.name(), hertz, cpu)
                                    : PerfEvent.software(point.name(), 0, nanos, cpu),
                            program,
                            cookie);
            }
            case Target.Software(int event, long count) -> {
                for (int cpu : onlineCpus())
                    event(PerfEvent.software(point.name(), event, count, cpu), program, cookie);
            }
            case Target.Hardware(int event, long count) -> {
                for (int cpu : onlineCpus())
                    event(PerfEvent.hardware(point.name(), event, count, cpu), program, cookie);
            }
            case Target.Uprobe uprobe -> uprobe(uprobe, body.readsStack(), program, cookie);
            case Target.Usdt(var path, var provider, var name) -> {
                var elf = elf(path);
                for (var site : StaticProbes.read(path).getOrDefault(provider + ":" + name, List.of())) {
                    long counter = site.semaphore() == 0
                            ? 0
                            : elf.fileOffset(site.semaphore()).orElse(0);
                    event(
                            PerfEvent.uprobe(
                                    path, elf.fileOffset(site.address()).orElseThrow(), false, counter, pid),
                            program,
                            cookie);
                }
            }
            case Target.Begin _, Target.End _, Target.RawTracepoint _, Target.Syscall _ ->
                throw new Refusal(point.name() + " cannot be attached to");
        }
    }

    private void event(PerfEvent event, LoadedProgram program, long cookie) {
        open.push(event);
        open.push(program.attach(event, cookie));
    }

    private void uprobe(Target.Uprobe uprobe, boolean readsStack, LoadedProgram program, long cookie) {
        var elf = elf(uprobe.path());
        event(
                PerfEvent.uprobe(uprobe.path(), place(elf, uprobe, readsStack), uprobe.atReturn(), 0, pid),
                program,
                cookie);
    }

    /** The first instruction that the kernel emulates, where arguments are as at the entry, and the stack if it is looked at: a fifteenth of the cost. */
    private long place(ElfFile elf, Target.Uprobe uprobe, boolean readsStack) {
        if (uprobe.symbol().isEmpty()) return elf.fileOffset(uprobe.offset()).orElse(uprobe.offset());
        var function = facts.executables().functions(uprobe.path()).get(uprobe.symbol());
        long entry = elf.fileOffset(function.address())
                .orElseThrow(() -> new Refusal(uprobe.path() + ": " + uprobe.symbol() + " is not in the file"));
        if (uprobe.offset() != 0 || elf.machine() != ElfFile.X86_64) return entry + uprobe.offset();
        var code = elf.code(function);
        var place = uprobe.atReturn() ? Placement.ofReturn(code) : Placement.of(code, Abi.SYSTEM_V);
        return entry + (place.stackBytes() == 0 || !readsStack ? place.offset() : 0);
    }

    private static ElfFile elf(String path) {
        return switch (ElfFile.open(Path.of(path))) {
            case ElfFile.Opened.Elf(var file) -> file;
            case ElfFile.Opened.Refused(var reason) -> throw new Refusal(path + ": " + reason);
        };
    }

    static List<Integer> onlineCpus() {
        var cpus = new ArrayList<Integer>();
        try {
            for (String range : Files.readString(ONLINE).strip().split(",")) {
                var ends = range.split("-");
                for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++)
                    cpus.add(cpu);
            }
        } catch (IOException | NumberFormatException e) {
            return List.of(0);
        }
        return cpus;
    }

    @Override
    public void close() {
        while (!open.isEmpty())
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("detaching failed", e);
            }
    }
}
