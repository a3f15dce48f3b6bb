package dev.spandrel.agent.tls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every file with TLS that a living process maps, traced or not. Nothing is attached. */
public final class TlsSurvey {
    /** {@code refusal}: empty where it can be probed. */
    public record File(String path, String library, Optional<Refusal> refusal) {}

    public record Refusal(Cause cause, String reason) {}

    private TlsSurvey() {}

    /** Of the processes that this one may look into, each file once. */
    public static List<File> here() {
        var mapped = new HashMap<String, Mapping>();
        ProcessHandle.allProcesses()
                .forEach(process ->
                        Mapping.of(process.pid()).forEach(mapping -> mapped.putIfAbsent(mapping.identity(), mapping)));
        return of(mapped);
    }

    private static List<File> of(Map<String, Mapping> mapped) {
        var files = new ArrayList<File>();
        for (var mapping : mapped.values()) {
            mapping.open().ifPresent(file -> {
                try (file) {
                    said(mapping.name(), Examination.of(file.path())).ifPresent(files::add);
                }
            });
        }
        files.sort((a, b) -> a.path().compareTo(b.path()));
        return files;
    }

    private static Optional<File> said(String name, Found found) {
        return switch (found) {
            case Found.Nothing() -> Optional.empty();
            case Found.Library(var library, var spots) -> Optional.of(new File(name, library, Optional.empty()));
            case Found.Refused(var library, var cause, var reason) ->
                Optional.of(new File(name, library, Optional.of(new Refusal(cause, reason))));
        };
    }
}
