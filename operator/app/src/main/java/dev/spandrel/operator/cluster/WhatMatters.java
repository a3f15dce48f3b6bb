package dev.spandrel.operator.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;

/**
 * What inventories read of pods and nodes, of which there may be a hundred thousand. The rest would be nearly all of the work of a start, and the classes of what a pod can say are most of the classes there are.
 */
final class WhatMatters {
    private WhatMatters() {}

    static SimpleModule module() {
        return new SimpleModule("what matters")
                .setMixInAnnotation(Pod.class, OfPod.class)
                .setMixInAnnotation(PodSpec.class, OfPodSpec.class)
                .setMixInAnnotation(Container.class, OfContainer.class)
                .setMixInAnnotation(PodStatus.class, OfPodStatus.class)
                .setMixInAnnotation(ContainerStatus.class, OfContainerStatus.class)
                .setMixInAnnotation(Node.class, OfNode.class);
    }

    private abstract static class OfPod {
        @JsonIgnoreProperties("managedFields")
        ObjectMeta metadata;
    }

    @JsonIncludeProperties({"nodeName", "containers"})
    private interface OfPodSpec {}

    @JsonIncludeProperties("name")
    private interface OfContainer {}

    @JsonIncludeProperties({"phase", "initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"})
    private interface OfPodStatus {}

    @JsonIncludeProperties({"name", "containerID"})
    private interface OfContainerStatus {}

    @JsonIncludeProperties({"apiVersion", "kind", "metadata"})
    private abstract static class OfNode {
        @JsonIgnoreProperties("managedFields")
        ObjectMeta metadata;
    }
}
