package dev.spandrel.policy;

import dev.spandrel.policy.PolicyResult.Expiry;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What became of one probe set.
 *
 * @param problems rules that its spec breaks; with any, or with an error, it is for no node
 * @param errors of its programs, by probe: what can be told without a kernel
 * @param expiry absent if it does not end by itself
 * @param pods how many it selects
 * @param nodes that it is for
 * @param hash of its programs and all that belongs to them
 * @param attach whether they may be attached; else nodes only check them
 */
public record ProbeSetResult(
        List<Problem> problems,
        SortedMap<String, List<ProgramFault>> errors,
        Optional<Expiry> expiry,
        boolean enabled,
        int pods,
        SortedSet<String> nodes,
        String hash,
        boolean attach) {
    public ProbeSetResult {
        problems = List.copyOf(problems);
        errors = Collections.unmodifiableSortedMap(new TreeMap<>(errors));
        nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }

    /** A place in a program, both from 1, and what is wrong there. */
    public record ProgramFault(int line, int column, String message) {}

    public boolean isValid() {
        return problems.isEmpty() && errors.isEmpty();
    }
}
