package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Keep;
import dev.spandrel.agent.event.Parent;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;
import dev.spandrel.agent.protocol.http.RequestHead;

/**
 * The span's tracestate: what came with the request, with {@code ot=th:…} set to the threshold of our own head sampling decision. Spans kept for another
 * reason say nothing about probability, nor do those that chance kept in a trace whose id would not have been sampled.
 */
final class TraceState {
    private static final int HEX_DIGITS = 14;

    private final Text text = new Text();
    private final Slice incoming = new Slice();
    private final Slice result = new Slice();

    Slice of(ExchangeRecord exchange, RequestHead head) {
        if (exchange.parent() != Parent.HEADER || !head.header("tracestate", incoming)) {
            incoming.clear();
        }
        return with(exchange);
    }

    /** Of a request that brings none. */
    Slice of(ExchangeRecord exchange) {
        incoming.clear();
        return with(exchange);
    }

    private Slice with(ExchangeRecord exchange) {
        boolean sampled = (exchange.keep() & (Keep.SAMPLED | Keep.PARENT)) == Keep.SAMPLED;
        if (!sampled || exchange.sampledValue() < exchange.threshold()) {
            return incoming;
        }
        text.start().text("ot=th:").text(encode(exchange.threshold()));
        others(incoming);
        return text.into(result);
    }

    /** Fourteen hex digits of which trailing zeros are left out; zero is one digit. */
    static String encode(long threshold) {
        if (threshold == 0) {
            return "0";
        }
        String digits = Long.toHexString(threshold);
        StringBuilder hex = new StringBuilder("0".repeat(Math.max(0, HEX_DIGITS - digits.length()))).append(digits);
        int length = hex.length();
        while (hex.charAt(length - 1) == '0') {
            length--;
        }
        return hex.substring(0, length);
    }

    /** Appends the rest of the ot member, then the other members. */
    private void others(Slice members) {
        if (members.isEmpty()) {
            return;
        }
        StringBuilder rest = new StringBuilder();
        for (String member : members.toString().split(",")) {
            String trimmed = member.trim();
            if (trimmed.startsWith("ot=")) {
                for (String field : trimmed.substring(3).split(";")) {
                    if (!field.startsWith("th:") && !field.isEmpty()) {
                        text.text(";").text(field);
                    }
                }
            } else if (!trimmed.isEmpty()) {
                rest.append(',').append(trimmed);
            }
        }
        text.text(rest.toString());
    }
}
