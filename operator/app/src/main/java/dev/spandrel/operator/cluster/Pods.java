package dev.spandrel.operator.cluster;

import com.google.common.collect.Interner;
import com.google.common.collect.Interners;
import dev.spandrel.policy.Container;
import dev.spandrel.policy.Pod.Owner;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pods of the API server as pods of the inventory. */
final class Pods {
    private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");
    private static final String ATTRIBUTES = "resource.opentelemetry.io/";

    /** What many pods have alike is in memory once. */
    private static final Interner<Object> ALIKE = Interners.newWeakInterner();

    private Pods() {}

    @SuppressWarnings("unchecked") // an equal one is of the same class, or as good
    private static <T> T alike(T value) {
        return (T) ALIKE.intern(value);
    }

    /** Empty for a pod that no node runs: not scheduled yet, or finished. */
    static Optional<dev.spandrel.policy.Pod> live(Pod pod) {
        String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        if (node == null || node.isEmpty() || (phase != null && FINISHED.contains(phase))) {
            return Optional.empty();
        }
        ObjectMeta metadata = pod.getMetadata();
        return Optional.of(new dev.spandrel.policy.Pod(
                alike(metadata.getNamespace()),
                metadata.getName(),
                dev.spandrel.policy.Pod.id(metadata.getUid()),
                alike(node),
                alike(Map.copyOf(present(metadata.getLabels()))),
                alike(present(metadata.getAnnotations()).entrySet().stream()
                        .filter(annotation -> annotation.getKey().startsWith(ATTRIBUTES))
                        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue))),
                alike(metadata.getOwnerReferences().stream()
                        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                        .map(owner -> new Owner(owner.getKind(), owner.getName()))
                        .findFirst()),
                containers(pod)));
    }

    private static List<Container> containers(Pod pod) {
        Map<String, String> ids = pod.getStatus() == null
                ? Map.of()
                : Stream.of(
                                pod.getStatus().getInitContainerStatuses(),
                                pod.getStatus().getContainerStatuses(),
                                pod.getStatus().getEphemeralContainerStatuses())
                        .flatMap(List::stream)
                        .filter(status -> status.getContainerID() != null)
                        .collect(Collectors.toMap(ContainerStatus::getName, Pods::id, (first, _) -> first));
        Stream<String> names =
                pod.getSpec().getContainers().stream().map(io.fabric8.kubernetes.api.model.Container::getName);
        return Stream.concat(names, ids.keySet().stream().sorted())
                .distinct()
                .map(name -> new Container(alike(name), Optional.ofNullable(ids.get(name))))
                .toList();
    }

    /** Without the runtime's prefix, as in containerd://0123…. */
    private static String id(ContainerStatus status) {
        return status.getContainerID().substring(status.getContainerID().indexOf("//") + 2);
    }

    private static Map<String, String> present(Map<String, String> map) {
        return Objects.requireNonNullElse(map, Map.of());
    }
}
