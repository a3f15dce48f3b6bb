package dev.spandrel.agent.protocol.sql;

/** What stands in CQL without quotes and is neither a number nor a name: UUIDs, and durations as ISO 8601 has them. */
final class CqlLiterals {
    private static final int[] UUID = {8, 4, 4, 4, 12};
    private static final int LONGEST_UUID = 36;

    private CqlLiterals() {}

    /** Behind the one that begins here; {@code at}, if none does. A UUID that is cut is one as far as it goes. */
    static int end(byte[] bytes, int at, int end) {
        int uuid = uuid(bytes, at, end);
        return uuid > at ? uuid : duration(bytes, at, end);
    }

    private static int uuid(byte[] bytes, int at, int end) {
        int next = at;
        for (int group = 0; group < UUID.length; group++) {
            int to = next + UUID[group];
            while (next < to && next < end && isHex(bytes[next])) next++;
            if (next == end) {
                return next - at < LONGEST_UUID && group == 0 ? at : next;
            }
            if (next < to || group < UUID.length - 1 && bytes[next++] != '-') {
                return at;
            }
        }
        return isPart(bytes[next]) ? at : next;
    }

    /** P1Y2M3DT4H5M6S, P3W, or P0001-02-03T04:05:06. */
    private static int duration(byte[] bytes, int at, int end) {
        if ((bytes[at] | 32) != 'p') {
            return at;
        }
        int next = at + 1;
        boolean figures = false;
        boolean units = false;
        while (next < end && (isPart(bytes[next]) || bytes[next] == '-' || bytes[next] == ':')) {
            int c = bytes[next] | 32;
            if (bytes[next] >= '0' && bytes[next] <= '9') {
                figures = true;
            } else if (bytes[next] == '-' || bytes[next] == ':' || "ymwdths".indexOf(c) >= 0 && (figures || c == 't')) {
                units |= c != 't';
            } else {
                return at;
            }
            next++;
        }
        return figures && units ? next : at;
    }

    private static boolean isHex(int c) {
        return c >= '0' && c <= '9' || (c | 32) >= 'a' && (c | 32) <= 'f';
    }

    private static boolean isPart(int c) {
        return c >= '0' && c <= '9' || (c | 32) >= 'a' && (c | 32) <= 'z' || c == '_';
    }
}
