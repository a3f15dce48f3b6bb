package dev.spandrel.operator.desired;

import dev.spandrel.crds.ProbeSet;
import dev.spandrel.policy.Policy;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Probe sets and the nodes' labels as the caches have them, and who is told what became of them. */
public interface Probing {
    List<ProbeSet> sets();

    BpfObjects objects();

    /** By name of the node. */
    Map<String, Map<String, String>> nodeLabels();

    /** What became of these may be something else than before. */
    void compiled(Set<Policy.Key> sets);
}
