package dev.spandrel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** dnsmasq's own account: {@code log-queries=extra} numbers its questions. */
final class DnsmasqLog {
    private static final Pattern ASKED = Pattern.compile(".*?: (\\d+) \\S+ query\\[(\\S+)] (\\S+) from .*");
    private static final Pattern ANSWERED = Pattern.compile(".*?: (\\d+) \\S+ (?:config|reply|cached) .* is (\\S+).*");
    private static final Set<String> ERRORS = Set.of("NXDOMAIN", "SERVFAIL", "REFUSED");

    private DnsmasqLog() {}

    static List<String> lines(Path log) {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** TYPE NAME OUTCOME; the outcome is - where there is no error. */
    static List<String> questions(List<String> lines) {
        Map<String, String> questions = new LinkedHashMap<>();
        Map<String, String> errors = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher asked = ASKED.matcher(line);
            Matcher answered = ANSWERED.matcher(line);
            if (asked.matches()) {
                questions.put(asked.group(1), asked.group(2) + " " + asked.group(3));
            } else if (answered.matches() && ERRORS.contains(answered.group(2))) {
                errors.put(answered.group(1), answered.group(2));
            }
        }
        return questions.entrySet().stream()
                .map(question -> question.getValue() + " " + errors.getOrDefault(question.getKey(), "-"))
                .toList();
    }
}
