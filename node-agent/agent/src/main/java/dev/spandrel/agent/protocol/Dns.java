package dev.spandrel.agent.protocol;

/** A DNS message's question: the name as people write it, and its type. */
public final class Dns implements Protocol {
    private static final int HEADER = 12;
    private static final int LABEL_MOST = 63;
    private static final String[] ERRORS =
            "NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE DSOTYPENI"
                    .split(" ");

    private final Question question = new Question();
    private final Text text = new Text();

    /** Mutable on purpose: one per reader. */
    public static final class Question implements Answer.Message {
        private final Slice name = new Slice();
        private int type;

        public Slice name() {
            return name;
        }

        /** As zone files write it. */
        public String type() {
            return typeName(type);
        }
    }

    /** Of a message without the length that TCP has before it. */
    public Answer read(byte[] bytes, int from, int to) {
        if (to - from <= HEADER) {
            return Answer.NEED_MORE;
        }
        if (bytes[from + 4] != 0 || bytes[from + 5] != 1) {
            return Answer.INVALID;
        }
        text.start();
        int at = from + HEADER;
        int length;
        while ((length = bytes[at] & 0xff) != 0) {
            if (length > LABEL_MOST) {
                return Answer.INVALID;
            }
            if (at + 1 + length >= to) {
                return Answer.NEED_MORE;
            }
            if (text.length() > 0) {
                text.append((byte) '.');
            }
            label(bytes, at + 1, at + 1 + length);
            at += 1 + length;
        }
        if (at + 3 > to) {
            return Answer.NEED_MORE;
        }
        question.type = (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
        if (text.length() == 0) {
            text.append((byte) '.');
        }
        text.into(question.name);
        return question;
    }

    /** Dots within a label, and what is not printable, are escaped as in zone files. */
    private void label(byte[] bytes, int from, int to) {
        if (isPlain(bytes, from, to)) {
            text.bytes(bytes, from, to - from);
            return;
        }
        for (int i = from; i < to; i++) {
            int c = bytes[i] & 0xff;
            if (c == '.' || c == '\\') {
                text.append((byte) '\\').append((byte) c);
            } else if (c <= ' ' || c >= 127) {
                text.append((byte) '\\')
                        .append((byte) ('0' + c / 100))
                        .append((byte) ('0' + c / 10 % 10))
                        .append((byte) ('0' + c % 10));
            } else {
                text.append((byte) c);
            }
        }
    }

    /** Whether nothing of it is escaped. */
    private static boolean isPlain(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at += Long.BYTES) {
            long word = Eight.at(bytes, at);
            long escaped = Eight.below(word, ' ' + 1)
                    | Eight.equal(word, '.')
                    | Eight.equal(word, '\\')
                    | Eight.equal(word, 127)
                    | word & Eight.HIGH;
            if (at + Eight.first(escaped) < to && escaped != 0) {
                return false;
            }
        }
        return true;
    }

    /** Of an answer that is none. */
    public String error(int status) {
        return status >= 0 && status < ERRORS.length ? ERRORS[status] : Integer.toUnsignedString(status);
    }

    private static String typeName(int type) {
        return switch (type) {
            case 1 -> "A";
            case 2 -> "NS";
            case 5 -> "CNAME";
            case 6 -> "SOA";
            case 12 -> "PTR";
            case 15 -> "MX";
            case 16 -> "TXT";
            case 28 -> "AAAA";
            case 33 -> "SRV";
            case 35 -> "NAPTR";
            case 43 -> "DS";
            case 48 -> "DNSKEY";
            case 64 -> "SVCB";
            case 65 -> "HTTPS";
            case 255 -> "ANY";
            case 257 -> "CAA";
            default -> "TYPE" + type;
        };
    }
}
