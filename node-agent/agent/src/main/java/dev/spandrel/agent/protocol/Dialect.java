package dev.spandrel.agent.protocol;

/** In what SQL differs as far as literals and comments go. */
public enum Dialect {
    /** Double quotes name things, dollars quote text, backslashes are no escapes but in E'…'. */
    POSTGRESQL,
    /** Double quotes are text, backticks name things, backslashes escape, # begins a comment. */
    MYSQL,
    /** Cassandra's: double quotes name things, dollars quote text, // begins a comment; UUIDs and durations are literals without quotes. */
    CQL
}
