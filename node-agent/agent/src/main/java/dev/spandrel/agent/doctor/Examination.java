package dev.spandrel.agent.doctor;

import dev.spandrel.agent.doctor.Finding.Level;
import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.HookCost;
import dev.spandrel.agent.program.UnsupportedKernelException;
import dev.spandrel.agent.tls.TlsSurvey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;

/** A diagnosis with what was found by loading the programs of each backend that should work, and by looking for TLS in what runs. */
record Examination(Diagnosis diagnosis, Map<Backend, HookCost> costs) {
    static Examination here() {
        var facts = Facts.read();
        var diagnosis = Diagnosis.of(facts);
        var costs = new EnumMap<Backend, HookCost>(Backend.class);
        if (!diagnosis.canTrace()) return new Examination(diagnosis, costs);
        var findings = new ArrayList<>(diagnosis.findings());
        for (var backend : Backend.values()) {
            if (!facts.works(backend)) continue;
            try {
                costs.put(backend, HookCost.measure(backend));
            } catch (UnsupportedKernelException e) {
                findings.add(refused(backend, e));
            }
        }
        findings.addAll(TlsFindings.of(TlsSurvey.here()));
        var usable = costs.keySet().stream().findFirst();
        return new Examination(
                new Diagnosis(diagnosis.release(), diagnosis.machine(), diagnosis.cgroups(), findings, usable), costs);
    }

    private static Finding refused(Backend backend, UnsupportedKernelException reason) {
        return new Finding(
                "load." + backend.id(),
                Level.NOTE,
                String.valueOf(reason.getMessage()).strip(),
                "this is a defect: please report it with these lines");
    }
}
