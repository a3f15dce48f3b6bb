package dev.spandrel.agent.probe;

import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.live.facts.HostFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Probes that the kernel has taken, and that wait for leave to be attached. Of one thread. */
final class Prepared {
    private final CgroupTree tree;
    private final Supplier<Map<String, BpfMap>> threads;
    private final Map<String, One> waiting = new HashMap<>();
    private int versions;

    private record One(ProbeConfig config, boolean wholeNode, Preparation.Taken ready) {
        boolean isFor(ProbeSetConfig set, ProbeConfig probe) {
            return config.equals(probe) && wholeNode == set.getWholeNode();
        }
    }

    /** @param threads the data path's maps of what threads answer, by name */
    Prepared(CgroupTree tree, Supplier<Map<String, BpfMap>> threads) {
        this.tree = tree;
        this.threads = threads;
    }

    Set<String> ids() {
        return waiting.keySet();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The one that waits, if it is of this text; else another one takes its place. */
    Preparation of(String id, ProbeSetConfig set, ProbeConfig probe, Optional<RunningProbe> before, Set<Long> cgroups) {
        One known = waiting.get(id);
        if (known != null && known.isFor(set, probe)) return known.ready;
        discard(id);
        Preparation preparation = compile(id, set, probe, before, facts(set, cgroups));
        if (preparation instanceof Preparation.Taken ready) {
            waiting.put(id, new One(probe, set.getWholeNode(), ready));
        }
        return preparation;
    }

    HostFacts facts(ProbeSetConfig set, Set<Long> cgroups) {
        return Live.FACTS.within(set.getWholeNode() ? Files.OF_HOST : Files.of(cgroups, tree.all()));
    }

    /** One that waits for nothing. */
    Preparation compile(
            String id, ProbeSetConfig set, ProbeConfig probe, Optional<RunningProbe> before, HostFacts facts) {
        if (probe.getSourceCase() == ProbeConfig.SourceCase.OBJECT) {
            return Preparation.ofObject(id, probe, facts, set.getWholeNode());
        }
        return Preparation.of(
                id,
                probe,
                facts,
                new Options.Managed(++versions, !set.getWholeNode()).confined(probe.getConfined()),
                before.flatMap(RunningProbe::written).map(WrittenProgram::session),
                threads.get());
    }

    /** It waits no more: whoever takes it closes it. */
    void take(String id) {
        waiting.remove(id);
    }

    void discard(String id) {
        One one = waiting.remove(id);
        if (one != null) one.ready.close();
    }

    /** All others go. */
    void keep(Set<String> ids) {
        List.copyOf(waiting.keySet()).stream().filter(id -> !ids.contains(id)).forEach(this::discard);
    }
}
