package dev.spandrel.operator.status;

import dev.spandrel.contract.v1.ProgramProblem;
import dev.spandrel.contract.v1.Rejection;

/** What is wrong with programs, in one line. */
final class Programs {
    private Programs() {}

    /** With a place only where there is one. */
    static String text(String probe, int line, int column, String message) {
        return line == 0 ? probe + ": " + message : "%s:%d:%d: %s".formatted(probe, line, column, message);
    }

    static String text(Rejection rejection) {
        String id = rejection.getWorkloadId();
        String probe = id.substring(id.lastIndexOf('/') + 1);
        if (rejection.getProblemsCount() == 0) return text(probe, 0, 0, rejection.getMessage());
        ProgramProblem first = rejection.getProblems(0);
        return text(probe, first.getLine(), first.getColumn(), first.getMessage());
    }
}
