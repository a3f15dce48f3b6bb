package dev.spandrel.operator.identity;

/** About a token. */
sealed interface Verdict {
    record Accepted(Caller caller) implements Verdict {}

    /** @param message for the one who calls; says nothing that the token does not say itself */
    record Refused(Refusal reason, String message) implements Verdict {}
}
