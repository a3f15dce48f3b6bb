package dev.spandrel.agent.probe;

import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.probe.output.MapSpec;
import java.util.Set;

/** What a probe's maps leave as, over its versions. */
record Readings(ProbeMetrics metrics, ProbeProfiles profiles) {
    /** @param now wall-clock nanoseconds */
    static Readings of(ProbeConfig probe, Owners owners, long now) {
        return new Readings(
                new ProbeMetrics(probe.getName(), probe.getExport(), owners, now),
                new ProbeProfiles(probe.getName(), probe.getExport(), owners, now));
    }

    /** The map is about to be emptied. */
    void settle(Version version, String map) {
        MapSpec spec = version.session().maps().spec(map);
        metrics.settle(version, spec);
        profiles.settle(version, spec);
    }

    /** The next version does not go on with these: if it has them, they begin anew. */
    void restart(Set<String> maps, long now) {
        metrics.restart(maps, now);
        profiles.restart(maps);
    }
}
