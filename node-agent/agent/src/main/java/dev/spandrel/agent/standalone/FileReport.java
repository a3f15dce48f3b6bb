package dev.spandrel.agent.standalone;

import dev.spandrel.agent.standalone.PolicyFileStates.State;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.PolicyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is done with each policy, in words. Pure. */
final class FileReport {
    private FileReport() {}

    /** A line for each policy that is new, was written anew, or now reaches other workloads. */
    static List<String> differences(PolicyFileStates states, Compilation before, Compilation now) {
        var lines = new ArrayList<String>();
        states.files().forEach((file, state) -> {
            for (var policy : state.good().policies()) {
                var line = line(file, policy, now.policies().get(policy.key()));
                if (!line.equals(line(file, policy, before.policies().get(policy.key())))) lines.add(line);
            }
            if (state.good().policies().isEmpty() && before.policies().isEmpty() && isEmpty(state))
                lines.add(file + ": holds no policy");
        });
        states.duplicates().forEach(duplicate -> lines.add(duplicate.toString()));
        return lines;
    }

    private static boolean isEmpty(State state) {
        return state.good().refusals().isEmpty() && state.text().isBlank();
    }

    private static String line(String file, Policy policy, @Nullable PolicyResult result) {
        var name = file + ": " + policy.key() + " ";
        if (result == null) return name + "is not in force";
        if (!result.problems().isEmpty())
            return name + "is refused: "
                    + result.problems().stream().map(Object::toString).collect(Collectors.joining("; "));
        if (result.expiry().filter(PolicyResult.Expiry::over).isPresent())
            return name + "ended by itself at " + result.expiry().get().at() + "; write the file to start it again";
        if (result.selected() == 0) return name + "selects no workload yet";
        var conflicts = result.conflicts().entrySet().stream()
                .map(entry -> entry.getKey() + " in "
                        + String.join(", ", entry.getValue().fields()))
                .collect(Collectors.joining(", "));
        var where =
                result.inForce().values().stream().flatMap(Set::stream).sorted().toList();
        return name + "selects " + result.selected() + ", in force for " + where.size() + ": " + shortened(where)
                + (conflicts.isEmpty() ? "" : "; older policies win: " + conflicts)
                + (result.configHash().isEmpty()
                        ? ""
                        : " (" + result.configHash().substring(0, 8) + ")");
    }

    private static String shortened(List<String> names) {
        return names.size() <= 5
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, 5)) + " and " + (names.size() - 5) + " more";
    }
}
