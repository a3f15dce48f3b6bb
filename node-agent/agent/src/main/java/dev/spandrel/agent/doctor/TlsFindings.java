package dev.spandrel.agent.doctor;

import dev.spandrel.agent.doctor.Finding.Level;
import dev.spandrel.agent.tls.TlsSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What could be seen of TLS in the processes that run now: one finding for all that can be probed, and one for each file that cannot, with the reason. */
final class TlsFindings {
    private TlsFindings() {}

    static List<Finding> of(List<TlsSurvey.File> files) {
        var findings = new ArrayList<Finding>();
        var seen = files.stream()
                .filter(file -> file.refusal().isEmpty())
                .collect(Collectors.groupingBy(TlsSurvey.File::library, TreeMap::new, Collectors.counting()));
        findings.add(Finding.ok(
                "tls",
                seen.isEmpty()
                        ? "no running process has a TLS library whose plaintext can be seen"
                        : seen.entrySet().stream()
                                .map(library -> library.getKey() + " " + library.getValue())
                                .collect(Collectors.joining(
                                        ", ", "the plaintext can be seen in these files of running processes: ", ""))));
        for (var file : files) {
            file.refusal()
                    .ifPresent(refusal -> findings.add(new Finding(
                            "tls.refused",
                            Level.NOTE,
                            file.path() + " (" + file.library() + "): " + refusal.reason(),
                            refusal.cause().action())));
        }
        return findings;
    }
}
