package dev.spandrel.agent.standalone;

import dev.spandrel.agent.standalone.PolicyFolder.PolicyText;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.PolicyFile;
import dev.spandrel.policy.PolicyFile.Refusal;
import dev.spandrel.policy.PolicyFiles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What each file of the folder stands for: what it says, or, where that cannot be used, what it said last. Immutable and pure.
 */
record PolicyFileStates(SortedMap<String, State> files) {
    static final PolicyFileStates NONE = new PolicyFileStates(new TreeMap<>());

    /** `text` is as on disk, written at some time, and `good` the last that could be used. */
    record State(String text, Instant written, PolicyFile good) {
        boolean isOf(PolicyText now) {
            return text.equals(now.text()) && written.equals(now.written());
        }
    }

    /** Something a person wants to read about a file. */
    record Note(boolean refused, String text) {}

    record Step(PolicyFileStates states, List<Note> notes) {}

    /** Takes in the folder's files. An empty file is one that is being written: it says nothing new, until `settled`. */
    Step update(Map<String, PolicyText> folder, boolean settled) {
        var next = new TreeMap<String, State>();
        var notes = new ArrayList<Note>();
        folder.forEach((file, text) -> {
            var held = files.get(file);
            if (held != null && (held.isOf(text) || (text.text().isBlank() && !settled))) next.put(file, held);
            else next.put(file, read(file, text, held, notes));
        });
        files.keySet().stream()
                .filter(file -> !folder.containsKey(file))
                .forEach(file -> notes.add(new Note(false, file + ": gone, its policies are no longer in force")));
        return new Step(new PolicyFileStates(next), notes);
    }

    /** Of all files; one that several hold is taken from the first, by name. */
    List<Policy> policies() {
        return join().policies();
    }

    /** Files that say what another has said already. */
    List<Refusal> duplicates() {
        return join().refusals();
    }

    private PolicyFile join() {
        return PolicyFiles.join(files.values().stream().map(State::good).toList());
    }

    private static State read(String file, PolicyText text, @Nullable State held, List<Note> notes) {
        var read = PolicyFiles.parse(file, text.text(), text.written());
        if (read.refusals().isEmpty()) return new State(text.text(), text.written(), read);
        read.refusals().forEach(refusal -> notes.add(new Note(true, refusal.toString())));
        var kept = held == null ? new PolicyFile(file, List.of(), List.of()) : held.good();
        notes.add(new Note(
                true, file + ": refused" + (kept.policies().isEmpty() ? "" : ", what it said before stays in force")));
        return new State(text.text(), text.written(), kept);
    }
}
