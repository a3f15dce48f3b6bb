package dev.spandrel.probe.live.object;

import dev.spandrel.ebpf.BpfMap;

/**
 * What the kernel runs in place of an object's program, and which runs that one for processes of selected cgroups only. So whom an object sees does not depend on what it does.
 */
final class Door {
    private static final int LOAD_MAP = 0x18;
    private static final int MOVE = 0xb7;
    private static final int COPY = 0xbf;
    private static final int ADD = 0x07;
    private static final int STORE = 0x7b;
    private static final int IF_ZERO = 0x15;
    private static final int CALL = 0x85;
    private static final int EXIT = 0x95;
    private static final int MAP = 1;
    private static final int STACK = 10;
    private static final int CGROUP_ID = 80;
    private static final int LOOK_UP = 1;
    private static final int TAIL_CALL = 12;

    private Door() {}

    /** @param program an array with the object's program at index 0 */
    static long[] of(BpfMap selected, BpfMap program) {
        return new long[] {
            one(COPY, 6, 1, 0, 0),
            one(CALL, 0, 0, 0, CGROUP_ID),
            one(STORE, STACK, 0, -8, 0),
            one(LOAD_MAP, 1, MAP, 0, selected.fd()),
            0,
            one(COPY, 2, STACK, 0, 0),
            one(ADD, 2, 0, 0, -8),
            one(CALL, 0, 0, 0, LOOK_UP),
            one(IF_ZERO, 0, 0, 5, 0),
            one(COPY, 1, 6, 0, 0),
            one(LOAD_MAP, 2, MAP, 0, program.fd()),
            0,
            one(MOVE, 3, 0, 0, 0),
            one(CALL, 0, 0, 0, TAIL_CALL),
            one(MOVE, 0, 0, 0, 0),
            one(EXIT, 0, 0, 0, 0)
        };
    }

    /** For all processes of the node. */
    static long[] open(BpfMap program) {
        return new long[] {
            one(LOAD_MAP, 2, MAP, 0, program.fd()),
            0,
            one(MOVE, 3, 0, 0, 0),
            one(CALL, 0, 0, 0, TAIL_CALL),
            one(MOVE, 0, 0, 0, 0),
            one(EXIT, 0, 0, 0, 0)
        };
    }

    private static long one(int opcode, int to, int from, int offset, int immediate) {
        return (opcode & 0xffL) | (long) (to | from << 4) << 8 | (offset & 0xffffL) << 16 | (long) immediate << 32;
    }
}
