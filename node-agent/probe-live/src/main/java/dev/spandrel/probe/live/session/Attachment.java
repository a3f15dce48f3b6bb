package dev.spandrel.probe.live.session;

import dev.spandrel.ebpf.LoadedProgram;
import dev.spandrel.ebpf.PerfEvent;
import dev.spandrel.ebpf.ProgramType;
import dev.spandrel.ebpf.Uprobes;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Attaches programs; closing detaches all of them. */
final class Attachment implements AutoCloseable {
    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

    private final UprobePlaces places;
    private final int pid;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** @param pid the only process to see user probes of, or {@link PerfEvent#EVERY_PROCESS} */
    Attachment(HostFacts facts, int pid) {
        places = new UprobePlaces(facts.executables());
        this.pid = pid;
    }

    void attach(Compiled.Body body, LoadedProgram program) {
        switch (body.kind()) {
            case RAW_TRACEPOINT, FENTRY, FEXIT -> {
                open.push(program.attachTracepoint(
                        Loader.rawName(body.points().getFirst().target())));
                return;
            }
            case TRACEPOINT, UPROBE, KPROBE, PERF_EVENT, ITERATOR, CALLED -> {}
        }
        if (program.type() == ProgramType.LINKED_UPROBE) {
            together(body, program);
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
            case Target.Watchpoint watched -> watch(point, watched, program, cookie);
            case Target.Kprobe(var function, long offset, boolean atReturn) ->
                event(PerfEvent.kprobe(function, offset, atReturn), program, cookie);
            case Target.Uprobe uprobe -> uprobe(uprobe, body.readsStack(), program, cookie);
            case Target.Usdt(var path, var provider, var name, var arguments) -> {
                if (path.isEmpty()) return;
                var elf = UprobePlaces.elf(path);
                for (var site : StaticProbes.read(path).getOrDefault(provider + ":" + name, List.of())) {
                    if (!site.arguments().equals(arguments)) continue;
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
            case Target.Begin _,
                    Target.End _,
                    Target.Self _,
                    Target.Iterator _,
                    Target.RawTracepoint _,
                    Target.Syscall _,
                    Target.KernelFunction _ -> throw new Refusal(point.name() + " cannot be attached to");
        }
    }

    /** All threads that there are; the kernel adds those that they make. Its own memory: each CPU. */
    private void watch(Point point, Target.Watchpoint watched, LoadedProgram program, long cookie) {
        if (watched.pid().isEmpty()) {
            for (int cpu : onlineCpus())
                event(
                        PerfEvent.watchpoint(
                                point.name(),
                                watched.address(),
                                watched.bytes(),
                                watched.access(),
                                PerfEvent.EVERY_PROCESS,
                                cpu),
                        program,
                        cookie);
            return;
        }
        for (int thread : threads(watched.pid().get()))
            event(
                    PerfEvent.watchpoint(
                            point.name(), watched.address(), watched.bytes(), watched.access(), thread, -1),
                    program,
                    cookie);
    }

    private static List<Integer> threads(int pid) {
        try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return tasks.map(task -> Integer.parseInt(task.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Refusal("there is no process " + pid);
        }
    }

    private void event(PerfEvent event, LoadedProgram program, long cookie) {
        open.push(event);
        open.push(program.attach(event, cookie));
    }

    private void uprobe(Target.Uprobe uprobe, boolean readsStack, LoadedProgram program, long cookie) {
        if (uprobe.isNowhere()) return;
        var place = places.of(uprobe, readsStack);
        for (long offset : place.offsets())
            event(PerfEvent.uprobe(uprobe.path(), offset, place.atReturn(), 0, pid), program, cookie);
    }

    /** All at once, where the kernel has it: one link for each file, and for probes of entries and of returns. */
    private void together(Compiled.Body body, LoadedProgram program) {
        record Link(String path, boolean atReturn) {}
        Map<Link, List<Uprobes.Site>> links = new LinkedHashMap<>();
        for (int i = 0; i < body.points().size(); i++) {
            var uprobe = (Target.Uprobe) body.points().get(i).target();
            if (uprobe.isNowhere()) continue;
            var place = places.of(uprobe, body.readsStack());
            var sites = links.computeIfAbsent(new Link(uprobe.path(), place.atReturn()), l -> new ArrayList<>());
            for (long offset : place.offsets()) sites.add(new Uprobes.Site(offset, body.first() + i));
        }
        links.forEach(
                (link, sites) -> open.push(program.attach(new Uprobes(link.path(), sites, link.atReturn(), pid))));
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
