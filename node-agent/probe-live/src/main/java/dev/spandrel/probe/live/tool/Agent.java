package dev.spandrel.probe.live.tool;

import dev.spandrel.ebpf.Bpf;
import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.ebpf.KernelMaps;
import dev.spandrel.probe.type.RequestContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The agent that runs beside: the maps in which it keeps what threads are answering. */
record Agent(Map<String, BpfMap> maps) implements AutoCloseable {
    private static final Agent NONE = new Agent(Map.of());

    /** Only looked for where a program asks. */
    static Agent find(String program, Optional<Integer> pid) {
        boolean asks = RequestContext.FUNCTIONS.stream().anyMatch(f -> program.contains(f + "("));
        if (!asks) return NONE;
        var of = pid.map(OptionalInt::of).orElse(OptionalInt.empty());
        var requests = KernelMaps.newest(RequestContext.REQUESTS, of);
        var goroutines = KernelMaps.newest(RequestContext.GOROUTINES, of);
        var endings = KernelMaps.newest(RequestContext.ENDINGS, of);
        boolean known = requests.filter(Agent::isRead).isPresent()
                && goroutines.filter(Agent::isRead).isPresent()
                && endings.filter(m -> m.maxEntries() == RequestContext.OF_AGENT.endings())
                        .isPresent();
        var found = new HashMap<String, BpfMap>();
        requests.ifPresent(m -> found.put(RequestContext.REQUESTS, m));
        goroutines.ifPresent(m -> found.put(RequestContext.GOROUTINES, m));
        endings.ifPresent(m -> found.put(RequestContext.ENDINGS, m));
        if (known) return new Agent(found);
        found.values().forEach(Bpf::close);
        return NONE;
    }

    private static boolean isRead(BpfMap map) {
        return map.valueSize() == RequestContext.OF_AGENT.bytes();
    }

    Optional<RequestContext> requests() {
        return maps.isEmpty() ? Optional.empty() : Optional.of(RequestContext.OF_AGENT);
    }

    @Override
    public void close() {
        maps.values().forEach(Bpf::close);
    }
}
