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
    SILENT,
    /** There are as many connections as may be. */
    FULL,
    /** It said nothing, there were as many connections as may be, and somebody else came. */
    GAVE_WAY
}
