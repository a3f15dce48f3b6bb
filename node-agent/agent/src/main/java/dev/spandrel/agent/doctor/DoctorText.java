package dev.spandrel.agent.doctor;

import dev.spandrel.agent.program.HookCost;
import java.util.Locale;

/** An examination for people. */
final class DoctorText {
    private DoctorText() {}

    static String of(String version, Examination examination) {
        var diagnosis = examination.diagnosis();
        var text = new StringBuilder();
        text.append(
                "spandrel-agent %s on Linux %s, %s%n%n".formatted(version, diagnosis.release(), diagnosis.machine()));
        for (var finding : diagnosis.findings()) {
            text.append("%-6s%-17s %s%n".formatted(level(finding), finding.name(), finding.detail()));
            if (!finding.action().isEmpty()) text.append("%-23s → %s%n".formatted("", finding.action()));
        }
        if (!examination.costs().isEmpty()) text.append(System.lineSeparator());
        examination
                .costs()
                .forEach((backend, cost) -> text.append("cost  %-17s %s%n".formatted(backend.id(), cost(cost))));
        text.append(System.lineSeparator()).append(conclusion(diagnosis)).append(System.lineSeparator());
        return text.toString();
    }

    static String conclusion(Diagnosis diagnosis) {
        return diagnosis.canTrace()
                ? "Can trace here, by backend "
                        + diagnosis.backend().orElseThrow().id() + "."
                : "Nothing can be traced here: " + diagnosis.refusal().orElse("no backend loads") + ".";
    }

    private static String cost(HookCost cost) {
        return String.format(
                Locale.ROOT,
                "loaded in %d ms, attached in %d ms; a socket call takes %.0f ns, and %.0f ns more with nothing selected",
                cost.load().toMillis(),
                cost.attach().toMillis(),
                cost.callNanos(),
                cost.addedNanos());
    }

    private static String level(Finding finding) {
        return switch (finding.level()) {
            case OK -> "ok";
            case NOTE -> "NOTE";
            case FATAL -> "FATAL";
        };
    }
}
