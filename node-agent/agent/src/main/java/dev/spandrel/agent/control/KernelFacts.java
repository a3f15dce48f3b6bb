package dev.spandrel.agent.control;

import dev.spandrel.agent.program.Backend;
import dev.spandrel.contract.v1.Kernel;

/** What a Hello says about the machine. */
public final class KernelFacts {
    private KernelFacts() {}

    public static Kernel of(Backend.Choice choice) {
        var kernel =
                Kernel.newBuilder().setRelease(System.getProperty("os.version")).setMachine(machine());
        return switch (choice) {
            case Backend.Choice.Chosen(var backend) ->
                kernel.setBackend(backend.id()).build();
            case Backend.Choice.None(var reason) -> kernel.setReason(reason).build();
        };
    }

    /** As uname -m says it. */
    private static String machine() {
        var arch = System.getProperty("os.arch");
        return arch.equals("amd64") ? "x86_64" : arch;
    }
}
