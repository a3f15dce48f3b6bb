package dev.spandrel.agent.control;

import dev.spandrel.agent.doctor.Diagnosis;
import dev.spandrel.agent.doctor.Finding;
import dev.spandrel.agent.program.Backend;
import dev.spandrel.contract.v1.Kernel;

/** What a Hello says about the machine. */
public final class KernelFacts {
    private KernelFacts() {}

    public static Kernel of(Diagnosis diagnosis, Backend.Choice choice) {
        var kernel = Kernel.newBuilder().setRelease(diagnosis.release()).setMachine(diagnosis.machine());
        diagnosis.findings().forEach(finding -> kernel.addFindings(message(finding)));
        return switch (choice) {
            case Backend.Choice.Chosen(var backend) ->
                kernel.setBackend(backend.id()).build();
            case Backend.Choice.None(var reason) -> kernel.setReason(reason).build();
        };
    }

    private static dev.spandrel.contract.v1.Finding message(Finding finding) {
        return dev.spandrel.contract.v1.Finding.newBuilder()
                .setName(finding.name())
                .setLevel(finding.level().name())
                .setDetail(finding.detail())
                .setAction(finding.action())
                .build();
    }
}
