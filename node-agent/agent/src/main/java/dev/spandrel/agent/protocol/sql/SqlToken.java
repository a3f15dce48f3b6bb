package dev.spandrel.agent.protocol.sql;

/** Kinds of tokens. */
enum SqlToken {
    END,
    SPACE,
    COMMENT,
    /** A quoted literal, with its prefix. */
    STRING,
    NUMBER,
    /** A keyword or a name without quotes. */
    WORD,
    /** A name in quotes. */
    QUOTED,
    /** A place for a value: $1, ?, :name, @name. */
    PARAMETER,
    /** One character of anything else. */
    SYMBOL
}
