package dev.spandrel.agent.workload;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known about one cgroup of a selected workload: the same for all its cgroups but for the container.
 *
 * @param attributes OpenTelemetry resource attributes from the node config
 * @param threshold of the trace config in force, in units of 2^-56
 */
public record Workload(
        String id,
        Map<String, String> attributes,
        Optional<String> containerId,
        Optional<String> containerName,
        String policy,
        List<String> requestHeaderAttributes,
        List<HeaderRule> headerRules,
        long threshold) {
    public Workload {
        attributes = Map.copyOf(attributes);
        requestHeaderAttributes = List.copyOf(requestHeaderAttributes);
        headerRules = List.copyOf(headerRules);
    }
}
