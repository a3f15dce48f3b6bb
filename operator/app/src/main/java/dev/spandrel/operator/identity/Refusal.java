package dev.spandrel.operator.identity;

/** Why a call is refused, as it is counted. */
public enum Refusal {
    NO_TOKEN,
    NOT_A_TOKEN,
    EXPIRED,
    WRONG_AUDIENCE,
    WRONG_ACCOUNT,
    NO_NODE,
    OTHER_NODE,
    /** By the API server. */
    REJECTED,
    /** The API server could not be asked. */
    UNCHECKED,
    /** No Hello came in time. */
    SILENT
}
