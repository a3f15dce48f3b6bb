package dev.spandrel.agent.decorate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** File name of a process' executable; empty once the process is gone. */
@FunctionalInterface
public interface Executables {
    Optional<String> name(int pid);

    static Executables proc() {
        return pid -> {
            try {
                String target = Files.readSymbolicLink(Path.of("/proc", Integer.toString(pid), "exe"))
                        .toString();
                String name = target.substring(target.lastIndexOf('/') + 1);
                return Optional.of(name.replaceFirst(" \\(deleted\\)$", ""));
            } catch (IOException | SecurityException e) {
                return Optional.empty();
            }
        };
    }
}
