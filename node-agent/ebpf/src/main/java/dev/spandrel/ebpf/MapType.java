package dev.spandrel.ebpf;

/** The kernel's map types that this library treats by name. */
public enum MapType {
    HASH(1),
    ARRAY(2),
    PROGRAM_ARRAY(3),
    PERCPU_HASH(5),
    PERCPU_ARRAY(6),
    STACK_TRACE(7),
    CGROUP_ARRAY(8),
    LRU_HASH(9),
    LRU_PERCPU_HASH(10),
    SK_STORAGE(24),
    RINGBUF(27),
    TASK_STORAGE(29),
    CGRP_STORAGE(32),
    OTHER(0);

    private final int number;

    MapType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    boolean perCpu() {
        return this == PERCPU_HASH || this == PERCPU_ARRAY || this == LRU_PERCPU_HASH;
    }

    static MapType of(int number) {
        for (var type : values()) if (type.number == number) return type;
        return OTHER;
    }
}
