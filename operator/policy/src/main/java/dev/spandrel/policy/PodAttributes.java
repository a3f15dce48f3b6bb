package dev.spandrel.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** OpenTelemetry resource attributes of a pod, by the semantic conventions for Kubernetes and for services that run there. */
final class PodAttributes {
    /** An annotation with this prefix sets the attribute named by the rest, and wins over everything derived. */
    private static final String ANNOTATION = "resource.opentelemetry.io/";

    private PodAttributes() {}

    static Map<String, String> of(Pod pod) {
        Map<String, String> workload = workload(pod);
        Map<String, String> attributes = new TreeMap<>(workload);
        attributes.put("k8s.pod.name", pod.name());
        attributes.put("k8s.pod.uid", pod.uid());
        attributes.put("k8s.namespace.name", pod.namespace());
        attributes.put("k8s.node.name", pod.node());
        attributes.put("service.name", serviceName(pod, workload));
        attributes.put("service.namespace", pod.namespace());
        if (pod.containers().size() == 1) {
            // With several containers the agent completes it: only it knows which one a process belongs to.
            String container = pod.containers().getFirst().name();
            attributes.put("k8s.container.name", container);
            attributes.put("service.instance.id", pod.namespace() + "." + pod.name() + "." + container);
        }
        String version = pod.labels().get("app.kubernetes.io/version");
        if (version != null) {
            attributes.put("service.version", version);
        }
        pod.annotations().forEach((name, value) -> {
            if (name.startsWith(ANNOTATION) && name.length() > ANNOTATION.length()) {
                attributes.put(name.substring(ANNOTATION.length()), value);
            }
        });
        return attributes;
    }

    private static String serviceName(Pod pod, Map<String, String> workload) {
        return Stream.concat(
                        Stream.of("app.kubernetes.io/instance", "app.kubernetes.io/name")
                                .filter(pod.labels()::containsKey)
                                .map(pod.labels()::get),
                        workload.values().stream())
                .filter(name -> !name.isBlank())
                .findFirst()
                .orElse(pod.name());
    }

    /** The top owner first: a deployment is known by its replica set's name, which ends with the hash on the pod. */
    private static Map<String, String> workload(Pod pod) {
        Map<String, String> attributes = new LinkedHashMap<>();
        pod.owner().ifPresent(owner -> {
            switch (owner.kind()) {
                case "ReplicaSet" -> {
                    String suffix = "-" + pod.labels().getOrDefault("pod-template-hash", "");
                    if (suffix.length() > 1 && owner.name().endsWith(suffix)) {
                        attributes.put(
                                "k8s.deployment.name",
                                owner.name().substring(0, owner.name().length() - suffix.length()));
                    }
                    attributes.put("k8s.replicaset.name", owner.name());
                }
                case "StatefulSet" -> attributes.put("k8s.statefulset.name", owner.name());
                case "DaemonSet" -> attributes.put("k8s.daemonset.name", owner.name());
                case "Job" -> attributes.put("k8s.job.name", owner.name());
                default -> {} // other controllers have no attribute of their own
            }
        });
        return attributes;
    }
}
