package dev.spandrel.agent.protocol;

/** Text as it was before it was written as a string of JSON, or into a query string; of what is not ASCII there a question mark. Mutable on purpose: one per use. */
final class Unescaped {
    private final Text text = new Text();
    private final Slice plain = new Slice();

    /** Valid until the next one. */
    Slice ofJson(Slice string) {
        text.start();
        int i = 0;
        while (i < string.length()) {
            int backslash = string.indexOf('\\', i);
            int end = backslash < 0 ? string.length() : backslash;
            text.bytes(string.bytes(), string.from() + i, end - i);
            i = end + 1;
            if (i >= string.length()) break;
            int letter = string.at(i++);
            switch (letter) {
                case 'n' -> text.append((byte) '\n');
                case 't' -> text.append((byte) '\t');
                case 'r' -> text.append((byte) '\r');
                case 'b', 'f' -> text.append((byte) ' ');
                case 'u' -> {
                    int code = number(string, i, 4);
                    text.append((byte) (code > 0 && code < 0x80 ? code : '?'));
                    i = Math.min(i + 4, string.length());
                }
                default -> text.append((byte) letter);
            }
        }
        return text.into(plain);
    }

    /** Likewise. */
    Slice ofQuery(Slice value) {
        text.start();
        for (int i = 0; i < value.length(); i++) {
            int letter = value.at(i);
            int code = letter == '%' ? number(value, i + 1, 2) : -1;
            if (code >= 0) i += 2;
            text.append((byte) (code >= 0 ? code : letter == '+' ? ' ' : letter));
        }
        return text.into(plain);
    }

    /** Of so many hexadecimal digits; -1: they are not there. */
    private static int number(Slice digits, int from, int count) {
        if (from + count > digits.length()) return -1;
        int number = 0;
        for (int i = 0; i < count; i++) {
            int digit = Character.digit(digits.at(from + i), 16);
            if (digit < 0) return -1;
            number = number << 4 | digit;
        }
        return number;
    }
}
