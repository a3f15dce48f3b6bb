package dev.spandrel.agent.protocol;

import java.util.List;

/** gRPC over HTTP/2: how a call ended, from whatever told it. Numbers are those of gRPC, plus one; 0: unknown. */
public final class GrpcStatus {
    private static final String CONTENT_TYPE = "application/grpc";
    private static final int MOST = 16;
    /** Nanoseconds that a request may have waited before it was seen. */
    private static final long LATE = 20_000_000;

    private static final int CANCELLED = 1;
    private static final int UNKNOWN = 2;
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNIMPLEMENTED = 12;
    private static final int INTERNAL = 13;
    private static final int UNAVAILABLE = 14;
    private static final int UNAUTHENTICATED = 16;

    private static final List<String> NAMES = List.of(
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED");

    private GrpcStatus() {}

    /** Value of {@code rpc.response.status_code}. */
    public static String name(int status) {
        return NAMES.get(Math.clamp(status - 1, 0, MOST));
    }

    /** With a suffix for how messages are coded; application/grpc-web is another protocol. */
    public static boolean isContentType(Slice value) {
        if (value.length() < CONTENT_TYPE.length()) {
            return false;
        }
        int next = value.length() == CONTENT_TYPE.length() ? ';' : value.at(CONTENT_TYPE.length());
        for (int i = 0; i < CONTENT_TYPE.length(); i++) {
            if ((value.at(i) | 0x20) != (CONTENT_TYPE.charAt(i) | 0x20)) {
                return false;
            }
        }
        return next == ';' || next == '+' || next == ' ';
    }

    /** Of the trailer grpc-status. */
    public static int of(Slice value) {
        int number = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.at(i) - '0';
            if (digit < 0 || digit > 9 || number > MOST) {
                return UNKNOWN + 1;
            }
            number = number * 10 + digit;
        }
        return value.isEmpty() || number > MOST ? UNKNOWN + 1 : number + 1;
    }

    /** Where something in between answered that speaks no gRPC: as clients take it. */
    public static int ofHttp(int status) {
        return 1
                + switch (status) {
                    case 400 -> INTERNAL;
                    case 401 -> UNAUTHENTICATED;
                    case 403 -> PERMISSION_DENIED;
                    case 404 -> UNIMPLEMENTED;
                    case 429, 502, 503, 504 -> UNAVAILABLE;
                    default -> UNKNOWN;
                };
    }

    /**
     * Whether a call that was given up after so long had run out of time. Its clock began before its first byte was seen, which may have waited for a processor, and
     * some clients say up to a hundredth more than they wait. All in nanoseconds; {@code patience} 0: there is no limit.
     */
    public static boolean isOutOfTime(long passed, long patience) {
        long early = Math.min(patience / 10, patience / 64 + LATE);
        return patience != 0 && passed >= patience - early;
    }

    /** Of the code of RST_STREAM. */
    public static int ofReset(int code, boolean outOfTime) {
        return 1
                + switch (code) {
                    case 7 -> UNAVAILABLE;
                    case 8 -> outOfTime ? DEADLINE_EXCEEDED : CANCELLED;
                    case 11 -> RESOURCE_EXHAUSTED;
                    case 12 -> PERMISSION_DENIED;
                    default -> INTERNAL;
                };
    }

    /** The connection is gone: to a server that means that nobody waits any more. Some clients and proxies give up a call by closing. */
    public static int ofClose(boolean client, boolean outOfTime) {
        return 1 + (outOfTime ? DEADLINE_EXCEEDED : client ? UNAVAILABLE : CANCELLED);
    }

    /** Whether it is an error, on the client's side or the server's. */
    public static boolean isError(int status, boolean client) {
        return switch (status - 1) {
            case -1, 0 -> false;
            case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, 15 -> true;
            default -> client;
        };
    }

    /** Of the header grpc-timeout, in nanoseconds; 0: none. */
    public static long timeout(Slice value) {
        long number = 0;
        int digits = value.length() - 1;
        if (digits < 1 || digits > 8) {
            return 0;
        }
        for (int i = 0; i < digits; i++) {
            int digit = value.at(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = number * 10 + digit;
        }
        return number
                * switch (value.at(digits)) {
                    case 'H' -> 3_600_000_000_000L;
                    case 'M' -> 60_000_000_000L;
                    case 'S' -> 1_000_000_000L;
                    case 'm' -> 1_000_000L;
                    case 'u' -> 1_000L;
                    case 'n' -> 1L;
                    default -> 0L;
                };
    }
}
