package dev.spandrel.agent.workload;

import java.util.Optional;
import java.util.regex.Pattern;

/** The container runtimes' naming of cgroups: the id alone, or {@code <runtime>-<id>.scope} under systemd. */
public final class ContainerId {
    private static final Pattern LAST_ELEMENT = Pattern.compile("(?:[a-z][a-z0-9-]*-)?([0-9a-f]{64})(?:\\.scope)?");

    private ContainerId() {}

    /** Of the nearest element at the end of the path that names a container. */
    public static Optional<String> of(String cgroupPath) {
        var elements = cgroupPath.split("/");
        for (int i = elements.length - 1; i >= 0; i--) {
            var matcher = LAST_ELEMENT.matcher(elements[i]);
            if (matcher.matches()) return Optional.of(matcher.group(1));
        }
        return Optional.empty();
    }
}
