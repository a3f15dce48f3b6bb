package dev.spandrel.policy;

import dev.spandrel.contract.v1.PortRange;
import dev.spandrel.crds.Ports;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Ports as the nodes get them: sorted, and what overlaps or touches is one range. */
final class PortRanges {
    private PortRanges() {}

    static List<PortRange> of(List<Ports> ports) {
        List<PortRange> ranges = new ArrayList<>();
        ports.stream()
                .map(PortRanges::range)
                .sorted(Comparator.comparing(PortRange::getFirst))
                .forEach(next -> {
                    if (ranges.isEmpty() || next.getFirst() > ranges.getLast().getLast() + 1) {
                        ranges.add(next);
                    } else {
                        PortRange before = ranges.removeLast();
                        ranges.add(range(before.getFirst(), Math.max(before.getLast(), next.getLast())));
                    }
                });
        return ranges;
    }

    private static PortRange range(Ports ports) {
        return range(ports.port(), ports.endPort() == null ? ports.port() : ports.endPort());
    }

    private static PortRange range(int first, int last) {
        return PortRange.newBuilder().setFirst(first).setLast(last).build();
    }
}
