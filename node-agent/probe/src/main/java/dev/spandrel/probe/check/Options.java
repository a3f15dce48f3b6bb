package dev.spandrel.probe.check;

import dev.spandrel.probe.type.RequestContext;
import dev.spandrel.probe.type.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is set from outside the program.
 *
 * @param parameters $1 and so on
 * @param named what getopt() finds, by name; empty text for those without a value
 * @param textBytes how long a string can be, the zero at its end counted
 * @param mapEntries how many keys a map can hold
 * @param stackMode how stacks are shown where the program does not say
 * @param child the process that runs beside the program, if it runs one
 * @param unsafe whether system() and signal() are allowed
 * @param selection whose events are seen
 * @param requests where threads' requests are found, if there is an agent that knows them
 */
public record Options(
        List<String> parameters,
        Map<String, String> named,
        int textBytes,
        int mapEntries,
        Type.StackMode stackMode,
        Optional<Integer> child,
        boolean unsafe,
        Selection selection,
        Optional<RequestContext> requests) {
    public static final Options DEFAULT = new Options(
            List.of(),
            Map.of(),
            64,
            4096,
            Type.StackMode.BPFTRACE,
            Optional.empty(),
            false,
            new Selection(Optional.empty(), false),
            Optional.empty());

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

    /** Words of the form --NAME or --NAME=VALUE are what getopt() finds, the others $1 and so on. */
    public Options with(List<String> given) {
        var words = new LinkedHashMap<String, String>();
        for (String word : given)
            if (isNamed(word)) words.put(word.substring(2).replaceFirst("=.*", ""), word.replaceFirst("[^=]*=?", ""));
        var numbered = given.stream().filter(word -> !isNamed(word)).toList();
        return new Options(
                numbered, Map.copyOf(words), textBytes, mapEntries, stackMode, child, unsafe, selection, requests);
    }

    private static boolean isNamed(String word) {
        return word.matches("(?s)--[A-Za-z_][\\w-]*(=.*)?");
    }

    public Options with(Selection selected) {
        return new Options(parameters, named, textBytes, mapEntries, stackMode, child, unsafe, selected, requests);
    }

    public Options allowing(boolean allowed) {
        return new Options(parameters, named, textBytes, mapEntries, stackMode, child, allowed, selection, requests);
    }

    public Options with(Optional<RequestContext> known) {
        return new Options(parameters, named, textBytes, mapEntries, stackMode, child, unsafe, selection, known);
    }

    public Options beside(Optional<Integer> process) {
        return new Options(parameters, named, textBytes, mapEntries, stackMode, process, unsafe, selection, requests);
    }

    /** As the program's own config has it. */
    Options sized(int text, int entries) {
        return new Options(parameters, named, text, entries, stackMode, child, unsafe, selection, requests);
    }

    Options showing(Type.StackMode mode) {
        return new Options(parameters, named, textBytes, mapEntries, mode, child, unsafe, selection, requests);
    }
}
