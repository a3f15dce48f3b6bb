package dev.spandrel.agent.decorate;

import dev.spandrel.agent.event.Layout;
import dev.spandrel.agent.span.CapturedHeader;
import dev.spandrel.agent.workload.Workload;
import dev.spandrel.agent.workload.WorkloadIndex;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Resources by cgroup and process: a direct-mapped cache, so that a hit costs no allocation and the size is fixed. One thread. */
public final class Resources {
    private static final int SLOTS = 2048;
    /** A process id may be another process' by then. */
    private static final long VALID_NANOS = 30_000_000_000L;

    private record Entry(long cgroup, int pid, @Nullable Workload workload, TracedResource resource, long made) {}

    private final WorkloadIndex workloads;
    private final Executables executables;
    private final String hostName;
    private final @Nullable Entry[] cache = new Entry[SLOTS];

    public Resources(WorkloadIndex workloads, Executables executables, String hostName) {
        this.workloads = workloads;
        this.executables = executables;
        this.hostName = hostName;
    }

    /** Of the process that an exchange record names. */
    public TracedResource of(MemorySegment data, long offset) {
        long cgroup = data.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + Layout.CGROUP);
        int pid = data.get(ValueLayout.JAVA_INT_UNALIGNED, offset + Layout.PID);
        Workload workload = workloads.byCgroup(cgroup);
        int slot = Long.hashCode((cgroup * 31 + pid) * 0x9E3779B97F4A7C15L) & SLOTS - 1;
        Entry known = cache[slot];
        // CLOCK_MONOTONIC of when it was emitted: no clock is read per record.
        long now = data.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + Layout.KTIME);
        if (known != null
                && known.cgroup == cgroup
                && known.pid == pid
                && known.workload == workload
                && now - known.made < VALID_NANOS) {
            return known.resource;
        }
        TracedResource resource = make(workload, pid, data, offset);
        if (known != null && known.resource.attributes().equals(resource.attributes()) && known.workload == workload) {
            resource = known.resource;
        }
        cache[slot] = new Entry(cgroup, pid, workload, resource, now);
        return resource;
    }

    private TracedResource make(@Nullable Workload workload, int pid, MemorySegment data, long offset) {
        String executable = executables.name(pid).orElseGet(() -> comm(data, offset));
        SortedMap<String, Object> attributes = ofWorkload(workload, hostName);
        attributes.put("process.pid", (long) pid);
        attributes.put("process.executable.name", executable);
        attributes.putIfAbsent("service.name", executable.isEmpty() ? "unknown_service" : executable);
        List<CapturedHeader> headers = workload == null
                ? List.of()
                : workload.requestHeaderAttributes().stream()
                        .map(CapturedHeader::new)
                        .toList();
        return new TracedResource(attributes, headers);
    }

    /** What all processes of a workload's cgroup share. */
    public static SortedMap<String, Object> ofWorkload(@Nullable Workload workload, String hostName) {
        SortedMap<String, Object> attributes = new TreeMap<>();
        attributes.put("host.name", hostName);
        if (workload != null) {
            attributes.putAll(workload.attributes());
            workload.containerId().ifPresent(id -> attributes.put("container.id", id));
            workload.containerName().ifPresent(name -> inContainer(attributes, name));
        }
        return attributes;
    }

    /** Of a pod with several containers the operator cannot say which one a process is in. */
    private static void inContainer(SortedMap<String, Object> attributes, String name) {
        attributes.put("k8s.container.name", name);
        Object namespace = attributes.get("k8s.namespace.name");
        Object pod = attributes.get("k8s.pod.name");
        if (namespace != null && pod != null) {
            attributes.putIfAbsent("service.instance.id", namespace + "." + pod + "." + name);
        }
    }

    private static String comm(MemorySegment data, long offset) {
        byte[] name = data.asSlice(offset + Layout.COMM, Layout.COMM_SIZE).toArray(ValueLayout.JAVA_BYTE);
        int length = 0;
        while (length < name.length && name[length] != 0) {
            length++;
        }
        return new String(Arrays.copyOf(name, length), StandardCharsets.UTF_8);
    }
}
