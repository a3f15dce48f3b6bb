package dev.spandrel.probe.live.session;

import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.ebpf.Cgroup2;
import dev.spandrel.ebpf.LoadedProgram;
import dev.spandrel.ebpf.PerfEvent;
import dev.spandrel.ebpf.RingBuffer;
import dev.spandrel.probe.check.Target;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.output.Action;
import dev.spandrel.probe.output.Compiled;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.syntax.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One program in the kernel: loaded and attached when it is made, gone when it is closed. */
public final class Session implements AutoCloseable {
    private static final int DRAIN_LIMIT = 4096;
    /** Ring buffer records come without a wake-up. */
    private static final Duration PERIOD = Duration.ofMillis(5);

    private final Compiled compiled;
    private final Maps maps;
    private final List<LoadedProgram> programs = new ArrayList<>();
    private final Attachment attachment;
    private final @Nullable RingBuffer ring;
    private boolean exiting;
    private long exitCode;

    /** What receives what the program says. */
    public interface Output {
        void record(Action action, byte[] content);

        /** The program is about to lose what the map holds: it calls clear() or zero(). */
        default void emptying(String map) {}
    }

    /**
     * @param pid the only process whose user probes are seen
     * @param cgroup whose processes are seen
     * @param given maps of the agent by their names there, for what programs ask about requests; they stay open
     */
    public record Scope(Optional<Integer> pid, Optional<Path> cgroup, Map<String, BpfMap> given) {
        public Scope(Optional<Integer> pid, Optional<Path> cgroup) {
            this(pid, cgroup, Map.of());
        }
    }

    private Session(Source source, Compiled compiled, HostFacts facts, Scope scope, Optional<Session> before) {
        this.compiled = compiled;
        maps = new Maps(compiled.maps(), scope.given(), before.map(Session::maps));
        attachment = new Attachment(facts, scope.pid().orElse(PerfEvent.EVERY_PROCESS));
        RingBuffer opened = null;
        try {
            select(scope);
            maps.find(MapSpec.START).ifPresent(start -> Maps.set(start, 0, bootNanos()));
            opened = maps.find(MapSpec.RING).map(RingBuffer::open).orElse(null);
            var loader = new Loader(source, facts, maps);
            for (var body : compiled.programs()) programs.add(loader.load(body));
        } catch (RuntimeException e) {
            if (opened != null) opened.close();
            closeAll();
            throw e;
        }
        ring = opened;
    }

    public static Session load(Source source, Compiled compiled, HostFacts facts, Scope scope) {
        return new Session(source, compiled, facts, scope, Optional.empty());
    }

    /** The next version of a managed program, with those maps of the one before that agree. It acts from {@link #takeOver} on. */
    public static Session after(
            Optional<Session> before, Source source, Compiled compiled, HostFacts facts, Scope scope) {
        return new Session(source, compiled, facts, scope, before);
    }

    /**
     * Of a managed program: from now on this version acts, and no other one that shares its maps.
     *
     * @param number the one that it was compiled with
     */
    public void takeOver(Optional<Session> before, int number) {
        maps.find(MapSpec.GATE).ifPresent(gate -> Maps.set(gate, 0, number));
        before.ifPresent(session -> maps.takeOver(session.maps));
    }

    /** Of a managed program: processes of these cgroups are seen. */
    public void select(Set<Long> cgroups) {
        if (maps.find(MapSpec.SELECTED).isPresent()) maps.keys(MapSpec.SELECTED, cgroups);
    }

    /** Hands out what has come, without waiting, and says whether the program wants to go on. */
    public boolean poll(Output output) {
        drain(output);
        return !exiting;
    }

    private void select(Scope scope) {
        var selected = maps.find(MapSpec.CGROUPS);
        if (selected.isEmpty() || scope.cgroup().isEmpty()) return;
        var path = scope.cgroup().get();
        try (var directory = Cgroup2.open(path).orElseThrow(() -> new Refusal("there is no cgroup " + path))) {
            Maps.set(selected.get(), 0, directory.fd());
        }
    }

    private static long bootNanos() {
        return Clocks.bootNanos();
    }

    /** Runs BEGIN, then attaches everything. */
    public void start() {
        try {
            run(Target.Begin.class);
        } catch (BpfException e) {
            throw new Refusal(e.getMessage());
        }
        resume();
    }

    /** Attaches everything: it goes on where a version of the same program has begun. */
    public void resume() {
        try {
            for (int i = 0; i < programs.size(); i++)
                if (isAttached(compiled.programs().get(i)))
                    attachment.attach(compiled.programs().get(i), programs.get(i));
            for (int i = 0; i < programs.size(); i++)
                if (compiled.programs().get(i).kind() == Compiled.Kind.ITERATOR)
                    programs.get(i).runForEach();
        } catch (BpfException e) {
            throw new Refusal(e.getMessage());
        }
    }

    private static boolean isAttached(Compiled.Body body) {
        return body.kind() != Compiled.Kind.CALLED && body.kind() != Compiled.Kind.ITERATOR;
    }

    /** Whether it has gone through all that it was to go through, and nothing else can happen. */
    private boolean isThrough() {
        return compiled.programs().stream().anyMatch(b -> b.kind() == Compiled.Kind.ITERATOR)
                && compiled.programs().stream().noneMatch(Session::isAttached);
    }

    private void run(Class<? extends Target> which) {
        for (int i = 0; i < programs.size(); i++)
            if (which.isInstance(compiled.programs().get(i).points().getFirst().target()))
                programs.get(i).run();
    }

    /** Signals that the program wants to be told of. */
    public List<String> signals() {
        return compiled.points().stream()
                .flatMap(p -> p.target() instanceof Target.Self(var signal) ? Stream.of(signal) : Stream.empty())
                .distinct()
                .toList();
    }

    /** Any thread. */
    public void signalled(String signal) {
        for (int i = 0; i < programs.size(); i++)
            if (compiled.programs().get(i).points().getFirst().target().equals(new Target.Self(signal)))
                programs.get(i).run();
    }

    public int attachPoints() {
        return compiled.programs().stream().mapToInt(b -> b.points().size()).sum();
    }

    /** Waits at most a short period, hands out what has come, and says whether the program wants to go on. */
    public boolean doWork(Output output) {
        if (ring == null) {
            if (isThrough()) return false;
            pause();
            return !exiting;
        }
        if (drain(output) == 0) {
            if (isThrough()) return false;
            ring.await(PERIOD);
        }
        return !exiting;
    }

    private static void pause() {
        try {
            Thread.sleep(PERIOD);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int drain(Output output) {
        if (ring == null) return 0;
        return ring.drain(
                (data, offset, length) -> {
                    var content = data.asSlice(offset, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
                    take(compiled.actions().get((int) Bytes.of(content).getLong(0)), content, output);
                },
                DRAIN_LIMIT);
    }

    private void take(Action action, byte[] content, Output output) {
        if (exiting) return;
        switch (action) {
            case Action.Clear(var map) -> {
                output.emptying(map);
                maps.clear(map);
                output.record(action, content);
            }
            case Action.Zero(var map) -> {
                output.emptying(map);
                maps.zero(map);
                output.record(action, content);
            }
            case Action.Exit(var arguments) -> {
                exiting = true;
                exitCode = arguments.isEmpty() ? 0 : Bytes.of(content).getLong(compiled.headBytes());
            }
            default -> output.record(action, content);
        }
    }

    /** Detaches, lets END run and hands out the last records. */
    public void stop(Output output) {
        attachment.close();
        exiting = false;
        while (drain(output) > 0 && !exiting) {}
        exiting = false;
        run(Target.End.class);
        while (drain(output) > 0) {}
    }

    public long exitCode() {
        return exitCode;
    }

    public Maps maps() {
        return maps;
    }

    public Compiled compiled() {
        return compiled;
    }

    /** Runs and nanoseconds of each program, while the kernel counts them. */
    public Map<String, LoadedProgram.Statistics> statistics() {
        var all = new LinkedHashMap<String, LoadedProgram.Statistics>();
        programs.forEach(p -> all.put(p.name(), p.statistics()));
        return all;
    }

    private void closeAll() {
        attachment.close();
        programs.forEach(LoadedProgram::close);
        maps.close();
    }

    @Override
    public void close() {
        if (ring != null) ring.close();
        closeAll();
    }
}
