package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.Options.Managed;
import dev.spandrel.probe.check.Target;

/** What a confined program may read: all memory that it reads is asked about here, before the instruction is written. */
final class Confinement {
    private final Context context;

    Confinement(Context context) {
        this.context = context;
    }

    /** An error at the statement that is written now, if it may not be. */
    void check(Space space) {
        if (context.options.selection().managed().filter(Managed::confined).isEmpty()) return;
        switch (space) {
            case OWN -> {}
            case KERNEL ->
                error(
                        "this reads the kernel's memory, which is not for ProbeSets of every Kubernetes namespace",
                        "args, comm, pid and the memory of the selected processes may be read");
            case PROCESS -> {
                if (!isSelected())
                    error(
                            "this reads the memory of a process that nobody selected: "
                                    + context.instance().points().getFirst().name() + " runs in whichever is there",
                            "probes of what the selected processes do may read theirs");
            }
        }
    }

    /** Begin, end and intervals run whatever is selected. */
    private boolean isSelected() {
        return switch (context.instance().target()) {
            case Target.Begin _, Target.End _, Target.Self _, Target.Interval _, Target.Iterator _ -> false;
            default -> true;
        };
    }

    private void error(String message, String hint) {
        var span = context.code.span();
        boolean said = context.diagnostics.all().stream()
                .anyMatch(d -> d.span().equals(span) && d.message().equals(message));
        if (!said) context.diagnostics.error(span, message, hint);
    }
}
