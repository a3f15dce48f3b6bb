package dev.spandrel.probe.output;

import dev.spandrel.probe.type.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A map to be made. {@code shape} is there for the program's own; {@code initial} are entries of an array of 8 bytes each. */
public record MapSpec(
        String name,
        Kind kind,
        int keyBytes,
        int valueBytes,
        int entries,
        Optional<Shape> shape,
        Map<Integer, Long> initial) {
    public static final String RING = ".ring";
    public static final String LOST = ".lost";
    public static final String START = ".start";
    public static final String CGROUPS = ".cgroups";
    public static final String SCRATCH = ".scratch";
    public static final String SYSCALLS = ".syscalls";

    public enum Kind {
        HASH,
        ARRAY,
        PERCPU_HASH,
        PERCPU_ARRAY,
        RING,
        STACKS,
        CGROUPS,
        /** Of the agent, by its name there: whoever loads the program gives it. */
        GIVEN;

        public boolean perCpu() {
            return this == PERCPU_HASH || this == PERCPU_ARRAY;
        }
    }

    public record Shape(List<Type> keys, Type value) {}

    /** Of stacks with at most so many frames; their ids are in values of the type. */
    public static String stacks(Type.Stack stack) {
        return (stack.kernel() ? ".kstack" : ".ustack") + stack.depth();
    }
}
