package dev.spandrel.agent.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The directories in which a change of a policy folder shows, and the names that matter there: its own entries, each link on the way
 * to it or to a file in it, and what is not there yet.
 */
record WatchedPlaces(Map<Path, Set<String>> names) {
    /** In place of a name: every one matters. */
    private static final String ALL = "*";

    private static final int MOST_LINKS = 40;

    boolean concerns(Path directory, String name) {
        var here = names.getOrDefault(directory, Set.of());
        return here.contains(ALL) || here.contains(name);
    }

    /** As things are now. Directories are named by their real paths. */
    static WatchedPlaces of(Path folder) {
        var places = new WatchedPlaces(new TreeMap<>());
        places.follow(folder).filter(Files::isDirectory).ifPresent(places::addFolder);
        return places;
    }

    private void addFolder(Path real) {
        add(real, ALL);
        try (var entries = Files.newDirectoryStream(real, Files::isSymbolicLink)) {
            entries.forEach(this::follow);
        } catch (IOException e) {
            // Gone meanwhile: whoever took it away made an event in the folder around it.
        }
    }

    /** What a path leads to, if anything; notes every link on the way, the first name that is missing, and the end itself. */
    private Optional<Path> follow(Path path) {
        Deque<Path> ahead = new ArrayDeque<>();
        path.toAbsolutePath().forEach(ahead::addLast);
        var at = path.toAbsolutePath().getRoot();
        for (int links = 0; !ahead.isEmpty(); ) {
            var name = ahead.removeFirst();
            if (name.toString().isEmpty() || name.toString().equals(".")) continue;
            if (name.toString().equals("..")) {
                at = at.getParent() == null ? at : at.getParent();
                continue;
            }
            var next = at.resolve(name);
            boolean link = Files.isSymbolicLink(next);
            if (link || ahead.isEmpty() || !Files.exists(next)) add(at, name.toString());
            if (link) {
                try {
                    var target = Files.readSymbolicLink(next);
                    if (++links > MOST_LINKS) return Optional.empty();
                    if (target.isAbsolute()) at = target.getRoot();
                    for (int i = target.getNameCount() - 1; i >= 0; i--) ahead.addFirst(target.getName(i));
                } catch (IOException e) {
                    return Optional.empty();
                }
            } else if (Files.exists(next)) at = next;
            else return Optional.empty();
        }
        return Optional.of(at);
    }

    private void add(Path directory, String name) {
        names.computeIfAbsent(directory, _ -> new TreeSet<>()).add(name);
    }
}
