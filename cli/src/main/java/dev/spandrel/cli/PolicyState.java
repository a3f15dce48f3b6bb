package dev.spandrel.cli;

import java.util.Locale;

/** How far a policy is, in a word. */
enum PolicyState {
    INVALID,
    EXPIRED,
    REJECTED,
    DRIFTED,
    PENDING,
    PROGRAMMED;

    static PolicyState of(dev.spandrel.contract.v1.PolicyState policy) {
        if (policy.getProblemsCount() > 0) {
            return INVALID;
        }
        if (policy.getExpired()) {
            return EXPIRED;
        }
        if (policy.getRejected() > 0) {
            return REJECTED;
        }
        if (policy.getDrifted() > 0) {
            return DRIFTED;
        }
        return policy.getProgrammed() < policy.getDesired() ? PENDING : PROGRAMMED;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
