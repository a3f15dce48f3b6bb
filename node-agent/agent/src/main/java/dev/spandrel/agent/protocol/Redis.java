package dev.spandrel.agent.protocol;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Commands of Redis and Valkey, as arrays or on a line. Of their arguments only a subcommand is said. */
public final class Redis implements DatabaseProtocol {
    private static final int SELECT = 1;
    private static final int LONGEST_NAME = 40;
    /** Commands whose first argument is a part of their name. */
    private static final Words FAMILIES =
            new Words(("acl client cluster command config debug function latency memory module object pubsub script"
                            + " slowlog xgroup xinfo")
                    .split(" "));

    /** By byte: letters and what joins them are 1, digits, which no name begins with, 2. */
    private static final byte[] NAMES = names();

    private static final Map<Integer, String> ERRORS = List.of(
                    "WRONGTYPE",
                    "WRONGPASS",
                    "NOSCRIPT",
                    "NOREPLICAS",
                    "NOAUTH",
                    "NOPERM",
                    "NOGROUP",
                    "NOPROTO",
                    "CLUSTERDOWN",
                    "CROSSSLOT",
                    "EXECABORT",
                    "BUSYGROUP",
                    "BUSYKEY",
                    "LOADING",
                    "MASTERDOWN",
                    "MISCONF",
                    "READONLY",
                    "TRYAGAIN",
                    "UNKILLABLE",
                    "INPROG",
                    "NOTBUSY",
                    "NOTREADY")
            .stream()
            .collect(Collectors.toMap(Redis::code, Function.identity()));

    private final DatabaseRequest request = new DatabaseRequest();
    private final Slice name = new Slice();
    private final Slice argument = new Slice();
    private final Text statement = new Text();

    private byte[] bytes = new byte[0];
    private int at;
    private int to;

    @Override
    public String system() {
        return "redis";
    }

    @Override
    public Answer read(byte[] source, int from, int end) {
        if (!command(source, from, end)) {
            return end - from < LONGEST_NAME ? Answer.NEED_MORE : Answer.INVALID;
        }
        if (!isName(name)) {
            return Answer.INVALID;
        }
        statement.start().text(name);
        boolean more = next(argument);
        // One that is cut is no word: the rest of it came in another transfer than the command's name.
        if (more && at <= to && FAMILIES.find(name) >= 0 && isName(argument)) {
            statement.append((byte) ' ').text(argument);
            more = next(argument);
        }
        statement.into(request.operation()); // what the statement begins with
        if (more) {
            statement.append((byte) ' ').append((byte) '?');
        }
        statement.into(request.statement());
        return request;
    }

    /** A SELECT that was answered well. */
    @Override
    public Answer learn(int kind, byte[] source, int from, int end) {
        if (kind != SELECT || !command(source, from, end) || !next(argument)) {
            return Answer.INVALID;
        }
        request.namespace().set(bytes, argument.from(), argument.to());
        return request;
    }

    /** The error's first word; of those that are not known, its first five letters. */
    @Override
    public String error(int status) {
        String known = ERRORS.get(status);
        if (known != null) {
            return known;
        }
        StringBuilder letters = new StringBuilder();
        for (int shift = 26; shift > 0; shift -= 6) {
            int letter = status >>> shift & 63;
            if (letter != 0) {
                letters.append((char) (' ' + letter));
            }
        }
        return letters.isEmpty() ? "_OTHER" : letters.toString();
    }

    /** As the kernel packs it: five letters, and two bits of the sixth. */
    private static int code(String word) {
        int code = 0;
        for (int i = 0; i < 5; i++) {
            code = code << 6 | (i < word.length() ? word.charAt(i) - ' ' : 0);
        }
        return code << 2 | (word.length() > 5 ? word.charAt(5) >> 2 & 3 : 0);
    }

    /** Finds the command's name. */
    private boolean command(byte[] source, int from, int end) {
        bytes = source;
        at = from;
        to = end;
        request.start();
        if (at < to && bytes[at] == '*' && !line()) {
            return false;
        }
        return next(name);
    }

    /** The next word: a bulk string, or what goes on to a blank of an inline command. What is cut is taken as far as it is here. */
    private boolean next(Slice into) {
        if (at >= to) {
            return false;
        }
        if (bytes[at] == '$') {
            int length = length();
            if (length < 0) {
                return false;
            }
            into.set(bytes, at, Math.min(to, at + length));
            at += length + 2;
            return true;
        }
        if (bytes[at] == '*') {
            return false;
        }
        int from = at;
        at = Eight.wordEnd(bytes, from, to);
        into.set(bytes, from, at);
        at += at < to && bytes[at] == ' ' ? 1 : 0;
        return !into.isEmpty();
    }

    /** Moves behind the line; false if its end is not here. */
    private boolean line() {
        while (at < to) {
            if (bytes[at++] == '\n') {
                return true;
            }
        }
        return false;
    }

    /** The number behind the type, whose line ends in two bytes; moves behind it. -1: it is none, or not whole. */
    private int length() {
        int value = 0;
        for (at++; at < to && bytes[at] != '\r'; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || value > 60_000_000) {
                return -1;
            }
            value = value * 10 + digit;
        }
        at += 2;
        return at <= to ? value : -1;
    }

    private static byte[] names() {
        byte[] of = new byte[256];
        for (int c = 0; c < of.length; c++) {
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            of[c] = (byte) (letter || "._-|".indexOf(c) >= 0 ? 1 : c >= '0' && c <= '9' ? 2 : 0);
        }
        return of;
    }

    /** Letters, and what joins them; from the second byte on digits too. */
    private static boolean isName(Slice word) {
        byte[] of = word.bytes();
        int first = word.from();
        int end = word.to();
        if (first == end || end - first > LONGEST_NAME || NAMES[of[first] & 0xff] != 1) {
            return false;
        }
        for (int i = first + 1; i < end; i++) {
            if (NAMES[of[i] & 0xff] == 0) {
                return false;
            }
        }
        return true;
    }
}
