package dev.spandrel.agent.probe;

import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.output.Compiled;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One version of a probe's program, in the kernel.
 *
 * @param keyNames what the program calls the parts of its maps' keys
 * @param files that its attach points name: as they are written, and which ones they are in the roots of the selected processes
 * @param number that the gate holds while this one acts
 */
record Version(
        Session session,
        Compiled compiled,
        Map<String, List<String>> keyNames,
        Map<String, Set<String>> files,
        int number) {}
