package dev.spandrel.probe.check;

import dev.spandrel.probe.type.RequestContext;
import java.util.List;
import java.util.Optional;

/**
 * What is set from outside the program.
 *
 * @param parameters $1 and so on
 * @param textBytes how long a string can be, the zero at its end counted
 * @param mapEntries how many keys a map can hold
 * @param unsafe whether system() and signal() are allowed
 * @param selection whose events are seen
 * @param requests where threads' requests are found, if there is an agent that knows them
 */
public record Options(
        List<String> parameters,
        int textBytes,
        int mapEntries,
        boolean unsafe,
        Selection selection,
        Optional<RequestContext> requests) {
    public static final Options DEFAULT =
            new Options(List.of(), 64, 4096, false, new Selection(Optional.empty(), false), Optional.empty());

    /**
     * @param cgroup whether the map of cgroups decides; whoever loads the program puts one into it
     * @param managed present if it is one of several versions of a program that an agent runs
     */
    public record Selection(Optional<Integer> pid, boolean cgroup, Optional<Managed> managed) {
        public Selection(Optional<Integer> pid, boolean cgroup) {
            this(pid, cgroup, Optional.empty());
        }

        public boolean all() {
            return pid.isEmpty() && !cgroup && managed.isEmpty();
        }
    }

    /**
     * It acts only while the map {@link dev.spandrel.probe.output.MapSpec#GATE} holds its number, so that one version gives way to the next by one map write. What it gathers
     * is gathered by cgroup, and its records say when and where they were made ({@link dev.spandrel.probe.output.RecordHead}).
     *
     * @param number above 0
     * @param selected whether only processes of cgroups in the map {@link dev.spandrel.probe.output.MapSpec#SELECTED} are seen
     * @param mostKeys in a map, whatever the program's own config says
     * @param confined whether it may read memory of selected processes alone: not the kernel's, nor that of whatever process it finds itself in
     */
    public record Managed(int number, boolean selected, int mostKeys, boolean confined) {
        public Managed(int number, boolean selected) {
            this(number, selected, Integer.MAX_VALUE, false);
        }

        public Managed holding(int keys) {
            return new Managed(number, selected, keys, confined);
        }

        public Managed confined(boolean wanted) {
            return new Managed(number, selected, mostKeys, wanted);
        }
    }

    public Options with(List<String> given) {
        return new Options(List.copyOf(given), textBytes, mapEntries, unsafe, selection, requests);
    }

    public Options with(Selection selected) {
        return new Options(parameters, textBytes, mapEntries, unsafe, selected, requests);
    }

    public Options allowing(boolean allowed) {
        return new Options(parameters, textBytes, mapEntries, allowed, selection, requests);
    }

    public Options with(Optional<RequestContext> known) {
        return new Options(parameters, textBytes, mapEntries, unsafe, selection, known);
    }

    /** As the program's own config has it. */
    Options sized(int text, int entries) {
        return new Options(parameters, text, entries, unsafe, selection, requests);
    }
}
