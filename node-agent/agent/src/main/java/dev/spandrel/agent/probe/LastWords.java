package dev.spandrel.agent.probe;

import dev.spandrel.agent.export.CollectedProfile;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.ArrayList;
import java.util.List;

/** What probes had gathered when they went, until it is asked for. Of one thread. */
final class LastWords {
    private final List<MetricData> metrics = new ArrayList<>();
    private final List<CollectedProfile> profiles = new ArrayList<>();

    /** @param now wall-clock nanoseconds */
    void of(RunningProbe probe, long now) {
        metrics.addAll(probe.collect(now));
        profiles.addAll(probe.profiles(now));
    }

    List<MetricData> metrics() {
        return taken(metrics);
    }

    List<CollectedProfile> profiles() {
        return taken(profiles);
    }

    private static <T> List<T> taken(List<T> words) {
        List<T> all = new ArrayList<>(words);
        words.clear();
        return all;
    }
}
