package dev.spandrel.agent.doctor;

import java.util.Locale;
import java.util.stream.Collectors;

/** An examination for scripts, as one line of JSON. */
final class DoctorJson {
    private DoctorJson() {}

    static String of(String version, Examination examination) {
        var diagnosis = examination.diagnosis();
        String findings = diagnosis.findings().stream()
                .map(finding -> "{\"name\":%s,\"level\":%s,\"detail\":%s,\"action\":%s}"
                        .formatted(
                                string(finding.name()),
                                string(finding.level().name()),
                                string(finding.detail()),
                                string(finding.action())))
                .collect(Collectors.joining(","));
        String costs = examination.costs().entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT,
                        "{\"backend\":%s,\"loadMillis\":%d,\"attachMillis\":%d,\"socketCallNanos\":%.1f,\"addedNanos\":%.1f}",
                        string(entry.getKey().id()),
                        entry.getValue().load().toMillis(),
                        entry.getValue().attach().toMillis(),
                        entry.getValue().callNanos(),
                        entry.getValue().addedNanos()))
                .collect(Collectors.joining(","));
        return "{\"agent\":%s,\"kernel\":%s,\"machine\":%s,\"canTrace\":%b,\"backend\":%s,\"findings\":[%s],\"costs\":[%s]}"
                .formatted(
                        string(version),
                        string(diagnosis.release()),
                        string(diagnosis.machine()),
                        diagnosis.canTrace(),
                        diagnosis.backend().map(backend -> string(backend.id())).orElse("null"),
                        findings,
                        costs);
    }

    private static String string(String text) {
        var quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') quoted.append('\\').append((char) c);
            else if (c < ' ') quoted.append("\\u%04x".formatted(c));
            else quoted.append((char) c);
        });
        return quoted.append('"').toString();
    }
}
