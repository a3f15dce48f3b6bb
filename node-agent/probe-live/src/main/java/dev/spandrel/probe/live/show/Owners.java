package dev.spandrel.probe.live.show;

import dev.spandrel.probe.type.Type;

/** Whose a cgroup is. */
public interface Owners {
    /** By the cgroup's id; what nobody knows is shown as the id. */
    String name(Type.Level level, long cgroup);

    /** Below the mount, beginning with a slash. */
    default String path(long cgroup) {
        return "/" + cgroup;
    }
}
