package dev.spandrel.agent.protocol.http;

import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;

/** Takes values out of query strings: {@code a=1&b=2} becomes {@code a=REDACTED&b=REDACTED}. Keys are kept. */
public final class Redaction {
    private static final String REDACTED = "REDACTED";

    private Redaction() {}

    /** Appends to the text, and answers it. */
    public static Text query(Slice query, Text to) {
        boolean inValue = false;
        for (int i = query.from(); i < query.to(); i++) {
            byte c = query.bytes()[i];
            if (c == '&' || c == ';') {
                inValue = false;
            } else if (inValue) {
                continue;
            }
            to.append(c);
            if (c == '=') {
                inValue = true;
                to.text(REDACTED);
            }
        }
        return to;
    }
}
