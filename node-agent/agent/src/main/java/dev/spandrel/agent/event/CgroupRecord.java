package dev.spandrel.agent.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.spandrel.agent.workload.WorkloadIndex;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Tells the workload index of a cgroup that the kernel saw appear or go. Rare. */
final class CgroupRecord {
    private CgroupRecord() {}

    static void tell(MemorySegment data, long offset, WorkloadIndex workloads) {
        long id = data.get(JAVA_LONG_UNALIGNED, offset + Layout.CGROUP_ID);
        if (data.get(JAVA_INT_UNALIGNED, offset + Layout.CGROUP_REMOVED) != 0) {
            workloads.cgroupRemoved(id);
        } else {
            workloads.cgroupMade(id, data.get(JAVA_LONG_UNALIGNED, offset + Layout.CGROUP_PARENT), path(data, offset));
        }
    }

    private static String path(MemorySegment data, long offset) {
        byte[] bytes = data.asSlice(offset + Layout.CGROUP_PATH, Layout.CGROUP_PATH_SIZE)
                .toArray(JAVA_BYTE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(Arrays.copyOf(bytes, length), StandardCharsets.UTF_8);
    }
}
