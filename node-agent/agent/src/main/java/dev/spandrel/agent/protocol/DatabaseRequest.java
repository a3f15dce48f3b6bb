package dev.spandrel.agent.protocol;

/** What a client asks a database for, or tells it. Each part may be empty. Mutable on purpose: one per reader. */
public final class DatabaseRequest implements Answer.Message {
    private final Slice statement = new Slice();
    private final Slice name = new Slice();
    private final Slice namespace = new Slice();
    private final Slice operation = new Slice();
    private final Slice collection = new Slice();
    private boolean whole;

    DatabaseRequest start() {
        statement.clear();
        name.clear();
        namespace.clear();
        operation.clear();
        collection.clear();
        whole = true;
        return this;
    }

    /** The text of the statement. */
    public Slice statement() {
        return statement;
    }

    /** By which the statement is spoken of, now or later. */
    public Slice name() {
        return name;
    }

    /** Which database, said once at the start of a connection, or by each request. */
    public Slice namespace() {
        return namespace;
    }

    /** What it does, of a database without statements. */
    public Slice operation() {
        return operation;
    }

    /** On what. */
    public Slice collection() {
        return collection;
    }

    /** Whether the statement's text is here to its end. */
    public boolean isWhole() {
        return whole;
    }

    void cut() {
        whole = false;
    }
}
