package dev.spandrel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MariaDB's own account of what it did: the general log, and the plug-in's log of errors. */
final class MysqlLog {
    private static final Pattern ASKED =
            Pattern.compile("^[\\d: ]*\\t+ *(\\d+) (\\w+(?: \\w+)?)\\t(.*)$", Pattern.DOTALL);
    private static final Pattern FAILED = Pattern.compile("^[-\\d: ]+ \\S+ @ \\S+ \\[\\S+] ERROR (\\d+): .* : (.*)$");
    private static final Pattern LITERAL = Pattern.compile("'[^']*(?:'|$)|\"[^\"]*(?:\"|$)|(?<![\\w$])\\d+\\b");
    private static final Pattern USE = Pattern.compile("use (\\w+)");
    /** What is kept of a longer one. */
    private static final int KEPT = 1019;

    private MysqlLog() {}

    /** NAMESPACE STATEMENT of all that were run. */
    static List<String> asked(Path log) {
        Map<String, String> namespaces = new HashMap<>();
        List<String> asked = new ArrayList<>();
        for (String line : lines(log)) {
            Matcher entry = ASKED.matcher(line);
            if (!entry.matches()) {
                continue;
            }
            String connection = entry.group(1);
            String text = entry.group(3);
            switch (entry.group(2)) {
                case "Connect" -> namespaces.put(connection, text.replaceAll(".* on (\\S*) using .*", "$1"));
                case "Change user" -> namespaces.put(connection, text.replaceAll(".* on (\\S*) using .*", "$1"));
                case "Init DB" -> namespaces.put(connection, text);
                case "Query", "Execute" -> {
                    Matcher use = USE.matcher(text);
                    if (use.matches()) {
                        namespaces.put(connection, use.group(1));
                    }
                    asked.add(namespaces.get(connection) + " " + sanitized(text));
                }
                default -> {}
            }
        }
        return asked;
    }

    /** CODE STATEMENT of all that failed. */
    static List<String> failed(Path log) {
        return lines(log).stream()
                .map(FAILED::matcher)
                .filter(entry -> entry.matches() && !entry.group(2).equals("(null)"))
                .map(entry -> entry.group(1) + " " + sanitized(entry.group(2)))
                .toList();
    }

    /** Without literals, and with lists of them as one. */
    static String sanitized(String statement) {
        return LITERAL.matcher(statement.substring(0, Math.min(KEPT, statement.length())))
                .replaceAll("?")
                .replaceAll("\\s+", " ")
                .replaceAll("\\?(, \\?)+", "?")
                .replaceAll("\\(\\?\\)(, \\(\\?\\))+", "(?)")
                .strip();
    }

    private static List<String> lines(Path log) {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
