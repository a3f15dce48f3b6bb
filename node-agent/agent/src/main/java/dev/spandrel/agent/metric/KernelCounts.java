package dev.spandrel.agent.metric;

import dev.spandrel.agent.event.RequestCount;
import java.util.Collection;
import java.util.List;

/** The counting maps of a loaded sensor. */
public interface KernelCounts {
    List<RequestCount> requests();

    /** Removes entries that nothing counts into any more. */
    void remove(Collection<RequestCount> entries);

    /** Of the maps that can be full. */
    List<MapFill> fills();

    /** By {@link dev.spandrel.agent.event.KernelCounter}, summed over the CPUs. */
    long[] counters();

    /** Runs of the hooks that the kernel left out: they were of any process, so what was lost by them is not known. */
    long missed();
}
