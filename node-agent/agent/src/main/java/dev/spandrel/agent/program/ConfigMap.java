package dev.spandrel.agent.program;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** sp_config: the configuration of each cgroup, whatever the kernel keeps it in. */
public interface ConfigMap {
    /** Writes a value and reads into `held` what the kernel then holds. False: the cgroup is gone. */
    boolean write(Path cgroup, long cgroupId, MemorySegment value, MemorySegment held);

    /** False: there is none, or the cgroup is gone. */
    boolean read(Path cgroup, long cgroupId, MemorySegment value);

    void delete(Path cgroup, long cgroupId);
}
