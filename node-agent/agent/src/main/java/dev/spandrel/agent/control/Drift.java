package dev.spandrel.agent.control;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.Cgroup2;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the kernel's maps are not as they were written: values that are gone, are others, or are there though nothing was written.
 *
 * @param repairs what makes it right, rules before the configurations that name them
 * @param workloads ids of those that are not traced as they should be
 */
record Drift(List<Operation> repairs, Set<String> workloads) {
    static final Drift NONE = new Drift(List.of(), Set.of());

    Drift {
        repairs = List.copyOf(repairs);
        workloads = Set.copyOf(workloads);
    }

    /** Looks at every value; a cgroup that went meanwhile has lost nothing. */
    static Drift find(Sensor sensor, Applied applied, Collection<Cgroup> tree) {
        var repairs = new ArrayList<Operation>();
        var workloads = new TreeSet<String>();
        try (var arena = Arena.ofConfined()) {
            var kernel = new Kernel(sensor, arena);
            applied.rules().forEach((index, rules) -> {
                if (kernel.holds(index, rules)) return;
                repairs.add(new Operation.WriteRules(index, rules));
                applied.targets().values().stream()
                        .filter(target -> target.value().ruleSet() == index)
                        .forEach(target -> workloads.add(target.selected().id()));
            });
            for (var target : applied.targets().values()) {
                if (kernel.holds(target) || isGone(target.cgroup())) continue;
                repairs.add(new Operation.WriteConfig(target.cgroup(), target.value()));
                workloads.add(target.selected().id());
            }
            for (var cgroup : tree)
                if (applied.known().contains(cgroup.id())
                        && !applied.targets().containsKey(cgroup.id())
                        && kernel.holdsAny(cgroup)) repairs.add(new Operation.DeleteConfig(cgroup));
        }
        return repairs.isEmpty() ? NONE : new Drift(repairs, workloads);
    }

    private static boolean isGone(Cgroup cgroup) {
        var id = Cgroup2.id(cgroup.directory());
        return id.isEmpty() || id.get() != cgroup.id();
    }

    /** What can be read of it; a value that cannot be read is not there. */
    private record Kernel(
            Sensor sensor, MemorySegment rules, MemorySegment config, MemorySegment held, MemorySegment index) {
        Kernel(Sensor sensor, Arena arena) {
            this(
                    sensor,
                    arena.allocate(RuleSet.SIZE, 8),
                    arena.allocate(ConfigValue.SIZE, 8),
                    arena.allocate(Math.max(RuleSet.SIZE, ConfigValue.SIZE), 8),
                    arena.allocate(JAVA_INT));
        }

        boolean holds(int at, RuleSet expected) {
            expected.encode(rules);
            index.set(JAVA_INT, 0, at);
            return sensor.rules().lookup(index, held) && same(rules);
        }

        boolean holds(Target target) {
            target.value().encode(config);
            return holdsAny(target.cgroup()) && same(config);
        }

        boolean holdsAny(Cgroup cgroup) {
            try {
                return sensor.configs().read(cgroup.directory(), cgroup.id(), held);
            } catch (BpfException e) {
                return false;
            }
        }

        private boolean same(MemorySegment expected) {
            return held.asSlice(0, expected.byteSize()).mismatch(expected) < 0;
        }
    }
}
