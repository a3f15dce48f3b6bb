package dev.spandrel.agent.standalone;

import dev.spandrel.agent.standalone.PolicyFolder.PolicyText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Reads the folder and says what has changed in it since the last time. One thread. */
final class PolicyReader {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.standalone");

    /** After this an empty file is meant to be empty. */
    static final long SETTLED_MILLIS = 1000;

    private final PolicyFolder folder;
    private PolicyFileStates states = PolicyFileStates.NONE;

    PolicyReader(Path folder) {
        this.folder = new PolicyFolder(folder);
    }

    PolicyFileStates states() {
        return states;
    }

    /** Whether there is anything to read, good or bad. */
    boolean hasFiles() {
        try {
            return !folder.read().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * `since`, on the scale of {@link System#nanoTime}, is when what changed was written; not `settled` if a file may be in the middle of
     * being written: it is to be read again.
     */
    record Reading(boolean changed, long since, boolean settled) {}

    /** Logs what is wrong with files that are new or were written anew. */
    Reading read(long noticed) throws IOException {
        var files = folder.read();
        long now = System.currentTimeMillis();
        var settled = now - youngest(files.values()) > SETTLED_MILLIS;
        var step = states.update(files, settled);
        for (var note : step.notes())
            LOG.log(note.refused() ? System.Logger.Level.WARNING : System.Logger.Level.INFO, note.text());
        var changed = new TreeMap<>(files);
        changed.keySet()
                .removeIf(file ->
                        step.states().files().get(file).equals(states.files().get(file)));
        var reading = new Reading(
                !step.states().equals(states),
                since(noticed, now - youngest(changed.values())),
                settled || files.values().stream().noneMatch(file -> file.text().isBlank()));
        states = step.states();
        return reading;
    }

    /** Epoch milliseconds; 0 if there is none. */
    private static long youngest(Collection<PolicyText> texts) {
        return texts.stream().mapToLong(text -> text.changed().toMillis()).max().orElse(0);
    }

    /** The write itself, where it is recent; otherwise (a removed file, an old one moved here) when we heard of it. */
    private static long since(long noticed, long ageMillis) {
        long written = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(Math.max(0, ageMillis));
        return ageMillis < SETTLED_MILLIS && written - noticed < 0 ? written : noticed;
    }
}
