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

    /** @param cgroup whether the map of cgroups decides; whoever loads the program puts one into it */
    public record Selection(Optional<Integer> pid, boolean cgroup) {
        public boolean all() {
            return pid.isEmpty() && !cgroup;
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
