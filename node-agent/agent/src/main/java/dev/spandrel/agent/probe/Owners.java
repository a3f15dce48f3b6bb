package dev.spandrel.agent.probe;

import dev.spandrel.agent.decorate.Resources;
import dev.spandrel.agent.workload.Workload;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.probe.live.show.CgroupOwners;
import dev.spandrel.probe.type.Type;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The resource of a cgroup's workload, and what it is called; of what belongs to none, the host's. Of one thread. */
final class Owners implements dev.spandrel.probe.live.show.Owners {
    /** The first that a pod has names what it is of. */
    private static final List<String> CONTROLLERS = List.of(
            "k8s.deployment.name",
            "k8s.statefulset.name",
            "k8s.daemonset.name",
            "k8s.job.name",
            "k8s.replicaset.name",
            "k8s.pod.name");

    private final WorkloadIndex probed;
    private final WorkloadIndex traced;
    private final String hostName;
    /** By identity of what the indexes hold, so that series of one workload share one resource. */
    private final Map<Workload, Resource> known = new HashMap<>();

    private final Resource host;
    /** Of those without a workload. */
    private final CgroupOwners paths = new CgroupOwners();

    Owners(WorkloadIndex probed, WorkloadIndex traced, String hostName) {
        this.probed = probed;
        this.traced = traced;
        this.hostName = hostName;
        this.host = resource(null);
    }

    Resource of(long cgroup) {
        return workload(cgroup)
                .map(workload -> known.computeIfAbsent(workload, this::resource))
                .orElse(host);
    }

    @Override
    public String name(Type.Level level, long cgroup) {
        return workload(cgroup).flatMap(workload -> name(level, workload)).orElseGet(() -> paths.name(level, cgroup));
    }

    private static Optional<String> name(Type.Level level, Workload workload) {
        return switch (level) {
            case CONTAINER -> workload.containerName();
            case POD -> Optional.ofNullable(workload.attributes().get("k8s.pod.name"));
            case WORKLOAD ->
                CONTROLLERS.stream()
                        .flatMap(key -> Stream.ofNullable(workload.attributes().get(key)))
                        .findFirst();
        };
    }

    @Override
    public String path(long cgroup) {
        return paths.path(cgroup);
    }

    private Optional<Workload> workload(long cgroup) {
        return Optional.ofNullable(probed.byCgroup(cgroup)).or(() -> Optional.ofNullable(traced.byCgroup(cgroup)));
    }

    /** Forgets all: now and then, for workloads come and go. */
    void clear() {
        known.clear();
    }

    private Resource resource(@Nullable Workload workload) {
        AttributesBuilder builder = Attributes.builder();
        Resources.ofWorkload(workload, hostName).forEach((key, value) -> builder.put(key, value.toString()));
        return Resource.create(builder.build());
    }
}
