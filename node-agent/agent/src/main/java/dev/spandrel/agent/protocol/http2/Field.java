package dev.spandrel.agent.protocol.http2;

import dev.spandrel.agent.protocol.Slice;

/** A header field, of which the name, the value or both may be unknown. Mutable on purpose: one per decoder, valid while it is handed out. */
public final class Field {
    private final Slice name = new Slice();
    private final Slice value = new Slice();
    private boolean nameKnown;
    private boolean valueKnown;

    /** Empty if it is unknown. */
    public Slice name() {
        return name;
    }

    /** Empty if it is unknown. */
    public Slice value() {
        return value;
    }

    public boolean isNameKnown() {
        return nameKnown;
    }

    public boolean isValueKnown() {
        return valueKnown;
    }

    /** Of this name, given in lower case, and with its value known. */
    public boolean is(String lowerCaseName) {
        return nameKnown && valueKnown && name.equalsLower(lowerCaseName);
    }

    void name(byte[] bytes, int from, int to) {
        name.set(bytes, from, to);
        nameKnown = true;
    }

    void value(byte[] bytes, int from, int to) {
        value.set(bytes, from, to);
        valueKnown = true;
    }

    void clear() {
        name.clear();
        value.clear();
        nameKnown = false;
        valueKnown = false;
    }
}
