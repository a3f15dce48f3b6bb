package dev.spandrel.probe.lower;

/** The kernel's helpers by number (enum bpf_func_id). */
final class Helper {
    static final int MAP_LOOKUP = 1;
    static final int MAP_UPDATE = 2;
    static final int MAP_DELETE = 3;
    static final int RANDOM = 7;
    static final int CPU = 8;
    static final int PID_TGID = 14;
    static final int UID_GID = 15;
    static final int COMM = 16;
    static final int STACK_ID = 27;
    static final int CURRENT_TASK = 35;
    static final int UNDER_CGROUP = 37;
    static final int NUMA_NODE = 42;
    static final int STACK = 67;
    static final int CGROUP_ID = 80;
    static final int SEND_SIGNAL = 109;
    static final int SEND_SIGNAL_THREAD = 117;
    static final int READ_USER = 112;
    static final int READ_KERNEL = 113;
    static final int READ_USER_TEXT = 114;
    static final int READ_KERNEL_TEXT = 115;
    static final int JIFFIES = 118;
    static final int BOOT_NANOS = 125;
    static final int RING_RESERVE = 131;
    static final int RING_SUBMIT = 132;
    static final int TASK_STORAGE = 156;
    static final int CURRENT_TASK_TYPED = 158;
    static final int FOR_EACH = 164;
    static final int LOOKUP_OF_CPU = 195;
    static final int ATTACH_COOKIE = 174;
    static final int TASK_REGISTERS = 175;
    static final int TAI_NANOS = 208;
    static final int MONOTONIC_NANOS = 5;

    private Helper() {}

    static int read(Space space) {
        return space == Space.PROCESS ? READ_USER : READ_KERNEL;
    }

    static int readText(Space space) {
        return space == Space.PROCESS ? READ_USER_TEXT : READ_KERNEL_TEXT;
    }
}
