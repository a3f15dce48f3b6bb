package dev.spandrel.agent;

import dev.spandrel.agent.event.RequestCount;
import dev.spandrel.agent.metric.KernelCounts;
import dev.spandrel.agent.metric.MapFill;
import dev.spandrel.agent.protocol.Grpc;
import dev.spandrel.agent.protocol.Http2;
import dev.spandrel.agent.stream.StreamCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a loaded sensor counts, and what the agent counts of the exchanges that it puts together from the sensor's news. */
record AllCounts(KernelCounts kernel, StreamCounts streams) implements KernelCounts {
    @Override
    public List<RequestCount> requests() {
        List<RequestCount> all = new ArrayList<>(kernel.requests());
        all.addAll(streams.requests());
        return all;
    }

    @Override
    public void remove(Collection<RequestCount> entries) {
        Map<Boolean, List<RequestCount>> byOwner =
                entries.stream().collect(Collectors.partitioningBy(entry -> isOfStreams(entry)));
        kernel.remove(byOwner.getOrDefault(false, List.of()));
        streams.remove(byOwner.getOrDefault(true, List.of()));
    }

    private static boolean isOfStreams(RequestCount entry) {
        return entry.protocol() == Http2.NUMBER || entry.protocol() == Grpc.NUMBER;
    }

    @Override
    public List<MapFill> fills() {
        return kernel.fills();
    }

    @Override
    public long missed() {
        return kernel.missed();
    }

    @Override
    public long[] counters() {
        long[] sums = kernel.counters();
        long[] more = streams.counters();
        Arrays.setAll(sums, i -> sums[i] + more[i]);
        return sums;
    }
}
