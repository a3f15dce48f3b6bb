package dev.spandrel.probe.output;

import dev.spandrel.probe.type.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
    /** How often a managed program's map took no new key. */
    public static final String FULL = ".full";
    /** Number of the version that acts. */
    public static final String GATE = ".gate";
    /** Ids of cgroups. */
    public static final String SELECTED = ".selected";

    public static final String SCRATCH = ".scratch";
    public static final String SYSCALLS = ".syscalls";

    public enum Kind {
        HASH,
        ARRAY,
        PERCPU_HASH,
        PERCPU_ARRAY,
        /** Keys that were not used for long give way to new ones. */
        LRU_HASH,
        LRU_PERCPU_HASH,
        RING,
        STACKS,
        CGROUPS,
        /** Of the agent, by its name there: whoever loads the program gives it. */
        GIVEN;

        public boolean perCpu() {
            return this == PERCPU_HASH || this == PERCPU_ARRAY || this == LRU_PERCPU_HASH;
        }
    }

    /** Whether the next version of a program may go on with it: what it holds means the same there. */
    public boolean isCarriedOver() {
        boolean meaning = shape.isEmpty()
                || Stream.concat(
                                shape.get().keys().stream(),
                                Stream.of(shape.get().value()))
                        .noneMatch(Type.ProbeName.class::isInstance);
        return meaning && kind != Kind.RING && !name.startsWith(SCRATCH) && !name.startsWith(SYSCALLS);
    }

    /** About as much memory as it can take. Hashes have 64 bytes beside each entry. */
    public long bytes(int cpus) {
        long key = (keyBytes + 7L) & -8;
        long value = (valueBytes + 7L) & -8;
        return switch (kind) {
            case HASH, LRU_HASH -> entries * (key + value + 64);
            case PERCPU_HASH, LRU_PERCPU_HASH -> entries * (key + cpus * value + 64);
            case PERCPU_ARRAY -> entries * cpus * value;
            case RING -> entries;
            default -> entries * value;
        };
    }

    public record Shape(List<Type> keys, Type value) {}

    /** Of stacks with at most so many frames; their ids are in values of the type. */
    public static String stacks(Type.Stack stack) {
        return (stack.kernel() ? ".kstack" : ".ustack") + stack.depth();
    }
}
