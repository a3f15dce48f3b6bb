package dev.spandrel.agent.probe;

import dev.spandrel.agent.export.CollectedProfile;
import dev.spandrel.ebpf.LoadedProgram;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What of a probe is in the kernel, and what leaves of it. Of one thread. */
sealed interface Program extends AutoCloseable permits WrittenProgram, ObjectProgram {
    /** Takes what a program prints, if there is still room for it. */
    interface Printing {
        void print(Supplier<PrintedRecord> record);
    }

    /** Processes of these cgroups are seen. */
    void select(Set<Long> cgroups);

    /** Hands out what it has said; false: it wants to end. */
    boolean poll(Printing printing);

    /** Detached; its last words are handed out, and what it gathered can still be read. */
    void stop(Printing printing);

    Collection<LoadedProgram.Statistics> statistics();

    /** Records that found no room on their way out of the kernel. */
    long lost();

    /** What found a map full. */
    long full();

    /** @param now wall-clock nanoseconds */
    List<MetricData> metrics(long now);

    /** Likewise. */
    List<CollectedProfile> profiles(long now);

    /** That it is attached to, by the names that its attach points have for them. */
    Map<String, Set<String>> files();

    @Override
    void close();
}
