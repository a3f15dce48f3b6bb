package dev.spandrel.probe.live.object;

import java.util.Set;

/**
 * The kernel's helpers that a confined object may call, by their numbers (enum bpf_func_id): none of them reads memory of the kernel's that the verifier has not seen to be the program's, nor of any process but the current one.
 * A list of what is allowed, so that a helper that is new is not.
 */
final class ConfinedHelpers {
    private static final Set<Integer> ALLOWED = Set.of(
            1, // map_lookup_elem
            2, // map_update_elem
            3, // map_delete_elem
            5, // ktime_get_ns
            7, // get_prandom_u32
            8, // get_smp_processor_id
            14, // get_current_pid_tgid
            15, // get_current_uid_gid
            16, // get_current_comm
            37, // current_task_under_cgroup
            42, // get_numa_node_id
            80, // get_current_cgroup_id
            112, // probe_read_user
            114, // probe_read_user_str
            118, // jiffies64
            120, // get_ns_current_pid_tgid
            123, // get_current_ancestor_cgroup_id
            125, // ktime_get_boot_ns
            130, // ringbuf_output
            131, // ringbuf_reserve
            132, // ringbuf_submit
            133, // ringbuf_discard
            134, // ringbuf_query
            160, // ktime_get_coarse_ns
            164, // for_each_map_elem
            181, // loop
            182, // strncmp
            195, // map_lookup_percpu_elem
            208); // ktime_get_tai_ns

    private ConfinedHelpers() {}

    static boolean has(int helper) {
        return ALLOWED.contains(helper);
    }
}
