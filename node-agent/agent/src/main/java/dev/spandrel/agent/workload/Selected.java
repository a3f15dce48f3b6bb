package dev.spandrel.agent.workload;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A selected workload as the control half knows it: what its cgroups have in common. */
public record Selected(
        String id,
        Map<String, String> attributes,
        Map<String, String> containers,
        String policy,
        List<String> requestHeaderAttributes,
        List<HeaderRule> headerRules,
        long threshold) {
    public Selected {
        attributes = Map.copyOf(attributes);
        containers = Map.copyOf(containers);
        requestHeaderAttributes = List.copyOf(requestHeaderAttributes);
        headerRules = List.copyOf(headerRules);
    }

    /** Of one that nothing is traced of, as far as is known here. */
    public static Selected of(dev.spandrel.contract.v1.Workload workload) {
        return new Selected(
                workload.getId(),
                workload.getAttributesMap(),
                workload.getContainersMap(),
                "",
                List.of(),
                List.of(),
                0);
    }

    Workload at(String cgroupPath) {
        var container = ContainerId.of(cgroupPath);
        var name = container.flatMap(id -> Optional.ofNullable(containers.get(id)));
        return new Workload(id, attributes, container, name, policy, requestHeaderAttributes, headerRules, threshold);
    }
}
