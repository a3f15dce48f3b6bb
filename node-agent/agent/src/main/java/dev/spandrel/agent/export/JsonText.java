package dev.spandrel.agent.export;

import java.util.HexFormat;

/** Writes JSON without line breaks. Commas come by themselves. */
final class JsonText {
    private final StringBuilder out = new StringBuilder();
    private boolean first = true;

    JsonText open(char bracket) {
        out.append(bracket);
        first = true;
        return this;
    }

    JsonText close(char bracket) {
        out.append(bracket);
        first = false;
        return this;
    }

    /** Next element of an array. */
    JsonText item() {
        if (!first) {
            out.append(',');
        }
        first = false;
        return this;
    }

    JsonText key(String name) {
        item();
        out.append('"').append(name).append("\":");
        return this;
    }

    JsonText number(long value) {
        out.append(value);
        return this;
    }

    /** 64-bit numbers are strings in OTLP/JSON. */
    JsonText quoted(long value) {
        out.append('"').append(Long.toUnsignedString(value)).append('"');
        return this;
    }

    JsonText hex(byte[] bytes, int from, int length) {
        out.append('"')
                .append(HexFormat.of().formatHex(bytes, from, from + length))
                .append('"');
        return this;
    }

    JsonText text(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
        return this;
    }

    JsonText raw(String json) {
        out.append(json);
        return this;
    }

    String line() {
        return out.append('\n').toString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
