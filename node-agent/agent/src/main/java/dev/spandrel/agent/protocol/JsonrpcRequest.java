package dev.spandrel.agent.protocol;

/** A call by JSON-RPC, or several at once. Each part may be empty. Mutable on purpose: one per reader. */
public final class JsonrpcRequest implements Answer.Message {
    private final Slice method = new Slice();
    private final Slice id = new Slice();
    private boolean hasId;
    private int calls;

    JsonrpcRequest start() {
        method.clear();
        id.clear();
        hasId = false;
        calls = 0;
        return this;
    }

    /** Empty: not known, or not the same of all. */
    public Slice method() {
        return method;
    }

    /** Of the only call, if {@link #hasId}; empty: it is null. */
    public Slice id() {
        return id;
    }

    /** There is one and it is known: a notification has none. */
    public boolean hasId() {
        return hasId;
    }

    /** Another one of the batch. */
    void add(Slice itsMethod, Slice itsId, boolean hasItsId) {
        calls++;
        if (calls == 1) {
            method.set(itsMethod);
            id.set(itsId);
            hasId = hasItsId;
        } else {
            hasId = false;
            if (!method.is(itsMethod)) method.clear();
        }
    }

    boolean isEmpty() {
        return calls == 0;
    }

    /** There are more, which are not here. */
    void cut() {
        method.clear();
        hasId = false;
    }
}
