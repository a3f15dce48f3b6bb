package dev.spandrel.agent.protocol;

/** An operation that a client asks a GraphQL server for, or several at once. Mutable on purpose: one per reader. */
public final class GraphqlRequest implements Answer.Message {
    private final Slice name = new Slice();
    private String type = "";
    private int operations;

    GraphqlRequest start() {
        name.clear();
        type = "";
        operations = 0;
        return this;
    }

    /** Empty: it has none, or it is not known, or there are several. */
    public Slice name() {
        return name;
    }

    /** query, mutation or subscription; empty: not known, as where the text of the query is not sent, or not the same of all. */
    public String type() {
        return type;
    }

    /** Another one of the batch. */
    void add(String itsType, Slice itsName) {
        operations++;
        if (operations == 1) {
            type = itsType;
            name.set(itsName);
        } else {
            name.clear();
            if (!type.equals(itsType)) type = "";
        }
    }

    boolean isEmpty() {
        return operations == 0;
    }

    /** There are more, which are not here. */
    void cut() {
        name.clear();
        type = "";
    }
}
