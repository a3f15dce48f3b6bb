package dev.spandrel.agent.program;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** sp_config: the configuration of each cgroup, whatever the kernel keeps it in. */
public interface ConfigMap {
    /** False: the cgroup is gone. */
    boolean write(Path cgroup, long cgroupId, MemorySegment value);

    /** False: there is none, or the cgroup is gone. */
    boolean read(Path cgroup, long cgroupId, MemorySegment value);

    void delete(Path cgroup, long cgroupId);
}
