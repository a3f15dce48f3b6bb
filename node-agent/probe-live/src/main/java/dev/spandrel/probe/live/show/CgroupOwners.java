package dev.spandrel.probe.live.show;

import dev.spandrel.ebpf.Cgroup2;
import dev.spandrel.probe.type.Type;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the paths of this host's cgroups say: container ids, pods' uids, units. Without an operator nobody knows more. */
public final class CgroupOwners implements Owners {
    private static final Pattern CONTAINER = Pattern.compile("(?:[a-z][a-z0-9-]*-)?([0-9a-f]{64})(?:\\.scope)?");
    private static final Pattern POD = Pattern.compile("(?:kubepods.*-)?pod([0-9a-f]{8}[-_0-9a-f]{28})(?:\\.slice)?");
    private static final int SHOWN_OF_CONTAINER = 12;

    private final Optional<Path> mount = Cgroup2.mount();
    private final Map<Long, String> paths = new HashMap<>();

    @Override
    public String name(Type.Level level, long cgroup) {
        return name(level, path(cgroup));
    }

    @Override
    public String path(long cgroup) {
        if (!paths.containsKey(cgroup)) look();
        return paths.computeIfAbsent(cgroup, id -> "/" + id);
    }

    static String name(Type.Level level, String path) {
        var parts = path.split("/");
        String own = parts.length == 0 ? "/" : parts[parts.length - 1];
        return switch (level) {
            case CONTAINER ->
                last(parts, CONTAINER)
                        .map(id -> id.substring(0, SHOWN_OF_CONTAINER))
                        .orElse(own);
            case POD -> last(parts, POD).map(uid -> uid.replace('_', '-')).orElse("");
            case WORKLOAD -> last(parts, POD).map(uid -> uid.replace('_', '-')).orElse(own);
        };
    }

    private static Optional<String> last(String[] parts, Pattern pattern) {
        for (int i = parts.length - 1; i >= 0; i--) {
            var matcher = pattern.matcher(parts[i]);
            if (matcher.matches()) return Optional.of(matcher.group(1));
        }
        return Optional.empty();
    }

    /** The whole tree, once for each id that is not known yet. */
    private void look() {
        mount.ifPresent(root -> {
            try (var tree = Files.find(root, Integer.MAX_VALUE, (path, is) -> is.isDirectory())) {
                tree.forEach(directory ->
                        Cgroup2.id(directory).ifPresent(id -> paths.put(id, "/" + root.relativize(directory))));
            } catch (IOException | UncheckedIOException e) {
                // A cgroup that goes while the tree is read: what was seen so far is what is known.
                return;
            }
        });
    }
}
