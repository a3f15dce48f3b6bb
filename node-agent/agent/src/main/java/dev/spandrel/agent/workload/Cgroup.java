package dev.spandrel.agent.workload;

import java.nio.file.Path;

/**
 * One directory of the cgroup v2 tree.
 *
 * @param path below the mount, starting with '/'; "/" is the root
 */
public record Cgroup(String path, Path directory, long id) {
    /** Path of the cgroup above; the root is its own. */
    public String parent() {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** Last element of the path; "/" for the root. */
    public String name() {
        return path.equals("/") ? path : path.substring(path.lastIndexOf('/') + 1);
    }
}
