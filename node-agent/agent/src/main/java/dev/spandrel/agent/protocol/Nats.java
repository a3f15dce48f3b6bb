package dev.spandrel.agent.protocol;

/** Messages of NATS, as their lines and headers say; the payload is passed over. */
public final class Nats implements MessagingProtocol {
    /** {@code enum sp_nats_operation}: names by the conventions, and types. */
    private static final String[] OPERATIONS = {"_OTHER", "publish", "deliver", "error"};

    private static final String[] TYPES = {"", "send", "receive", ""};
    /** What an error's text begins with, as the kernel numbers it. */
    private static final String[] ERRORS = {
        "_OTHER",
        "_OTHER",
        "authorization_violation",
        "permissions_violation",
        "maximum_exceeded",
        "stale_connection",
        "slow_consumer",
        "unknown_operation"
    };

    private static final Words WORDS = new Words("-err", "pub", "hpub", "msg", "hmsg");
    private static final int NO_MESSAGE = 0;

    private static final String TRACEPARENT = "traceparent";
    /** Subjects that clients make for their answers, and those with numbers of messages in them: what they begin with is their name for all. */
    private static final String INBOX = "_inbox.";

    private static final String ACKNOWLEDGEMENT = "$js.ack.";

    private static final String[] PREFIXES = {INBOX, ACKNOWLEDGEMENT};

    private final MessagingRequest request = new MessagingRequest();
    private final Slice word = new Slice();
    private final Slice subject = new Slice();
    private final Slice name = new Slice();

    private byte[] bytes = new byte[0];
    private int at;
    private int to;

    @Override
    public String system() {
        return "nats";
    }

    /** {@code [H]PUB subject [reply] [headers] bytes} and {@code [H]MSG subject id [reply] [headers] bytes}. */
    @Override
    public Answer read(byte[] source, int from, int end, int answer) {
        bytes = source;
        at = from;
        to = end;
        request.start();
        if (!next(word)) {
            return Answer.NEED_MORE;
        }
        boolean headers = word.length() > 0 && word.at(0) == 'H';
        int which = WORDS.find(word);
        if (which <= NO_MESSAGE) {
            return which == NO_MESSAGE ? request : Answer.INVALID;
        }
        if (!next(subject)) {
            return Answer.NEED_MORE;
        }
        long total = -1;
        long before = 0;
        while (next(word)) {
            before = total;
            total = number(word);
        }
        if (total < 0 || headers && (before < 0 || before > total)) {
            return Answer.INVALID;
        }
        request.message(named(), headers ? total - before : total);
        if (headers) {
            headers(before);
        }
        return request;
    }

    private Slice named() {
        int first = subject.at(0);
        if (first != '_' && first != '$') {
            return subject;
        }
        for (String prefix : PREFIXES) {
            name.set(bytes, subject.from(), Math.min(subject.to(), subject.from() + prefix.length()));
            if (name.equalsLower(prefix)) {
                request.temporary();
                return name.set(bytes, name.from(), name.to() - 1);
            }
        }
        return subject;
    }

    /** {@code NATS/1.0}, then a header a line. */
    private void headers(long length) {
        at += at < to && bytes[at] == '\r' ? 2 : 1;
        int end = (int) Math.min(to, at + length);
        while (at < end) {
            int line = at;
            at = Eight.find(bytes, line, end, '\n');
            header(line, at);
            at++;
        }
    }

    private void header(int from, int end) {
        int colon = from + TRACEPARENT.length();
        if (colon < end && bytes[colon] == ':' && name.set(bytes, from, colon).equalsLower(TRACEPARENT)) {
            request.link(name.set(bytes, colon + 1, end).trim());
        }
    }

    /** The next word of the line; between two there may be more than one blank. */
    private boolean next(Slice into) {
        int from = at;
        at = Eight.wordEnd(bytes, from, to);
        into.set(bytes, from, at);
        while (at < to && bytes[at] == ' ') {
            at++;
        }
        return !into.isEmpty();
    }

    private static long number(Slice digits) {
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.at(i) - '0';
            if (digit < 0 || digit > 9 || value > Integer.MAX_VALUE) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    @Override
    public String operation(int method) {
        return OPERATIONS[method < OPERATIONS.length ? method : 0];
    }

    @Override
    public String type(int method) {
        return TYPES[method < TYPES.length ? method : 0];
    }

    @Override
    public String error(int status) {
        return ERRORS[status >= 0 && status < ERRORS.length ? status : 0];
    }
}
