package dev.spandrel.agent.standalone;

import dev.spandrel.agent.workload.ContainerId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A cgroup that holds processes, and the labels and attributes it has for that. Pure. */
record LocalWorkload(String path, String executable) {
    private static final String SERVICE = ".service";
    private static final String SCOPE = ".scope";

    Map<String, String> labels() {
        var labels = new TreeMap<String, String>();
        labels.put("cgroup", lastElement());
        if (!executable.isEmpty()) labels.put("exe", executable);
        unit().ifPresent(unit -> labels.put("unit", unit));
        ContainerId.of(path).ifPresent(id -> labels.put("container", id));
        return labels;
    }

    Map<String, String> attributes() {
        return Map.of("service.name", serviceName());
    }

    private String serviceName() {
        var service = unit().filter(unit -> unit.endsWith(SERVICE));
        if (service.isPresent()) return service.get().substring(0, service.get().length() - SERVICE.length());
        // The root and a container's id say nothing to a person.
        var nameless = path.equals("/") || ContainerId.of(path).isPresent();
        return nameless && !executable.isEmpty() ? executable : unit().orElse(lastElement());
    }

    /** The innermost systemd unit that holds processes. */
    private Optional<String> unit() {
        var elements = path.split("/");
        for (int i = elements.length - 1; i >= 0; i--)
            if (elements[i].endsWith(SERVICE) || elements[i].endsWith(SCOPE)) return Optional.of(elements[i]);
        return Optional.empty();
    }

    private String lastElement() {
        return path.equals("/") ? path : path.substring(path.lastIndexOf('/') + 1);
    }
}
