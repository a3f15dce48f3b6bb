package dev.spandrel.probe.live.facts;

import java.util.HashMap;
import java.util.Map;

/** System calls by name, as tracepoints have them. */
final class Syscalls {
    private Syscalls() {}

    static Map<String, Integer> read() {
        String table = "syscalls-" + System.getProperty("os.arch") + ".txt";
        var found = new HashMap<String, Integer>();
        try (var in = Syscalls.class.getResourceAsStream(table)) {
            if (in == null) return Map.of();
            for (String line : new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII).split("\n")) {
                int space = line.indexOf(' ');
                if (space > 0) found.put(line.substring(space + 1), Integer.parseInt(line.substring(0, space)));
            }
        } catch (java.io.IOException e) {
            return Map.of();
        }
        return Map.copyOf(found);
    }
}
