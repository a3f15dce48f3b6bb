package dev.spandrel.agent.span;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Sixteen address bytes as text: IPv4-mapped ones as IPv4. */
public final class Addresses {
    private Addresses() {}

    public static String text(byte[] bytes, int offset) {
        return isMapped(bytes, offset) ? v4(bytes, offset + 12) : v6(bytes, offset);
    }

    private static boolean isMapped(byte[] bytes, int offset) {
        for (int i = 0; i < 10; i++) {
            if (bytes[offset + i] != 0) {
                return false;
            }
        }
        return bytes[offset + 10] == -1 && bytes[offset + 11] == -1;
    }

    private static String v4(byte[] bytes, int offset) {
        StringBuilder text = new StringBuilder(15);
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                text.append('.');
            }
            text.append(bytes[offset + i] & 0xff);
        }
        return text.toString();
    }

    private static String v6(byte[] bytes, int offset) {
        try {
            String text = InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + 16))
                    .getHostAddress();
            return compress(text);
        } catch (UnknownHostException e) {
            throw new AssertionError("sixteen bytes are an address", e);
        }
    }

    /** RFC 5952: the longest run of zero groups becomes {@code ::}. */
    private static String compress(String full) {
        String[] groups = full.split(":");
        int best = -1;
        int longest = 1;
        for (int i = 0; i < groups.length; i++) {
            int j = i;
            while (j < groups.length && groups[j].equals("0")) {
                j++;
            }
            if (j - i > longest) {
                longest = j - i;
                best = i;
            }
        }
        if (best < 0) {
            return full;
        }
        return String.join(":", Arrays.copyOfRange(groups, 0, best)) + "::"
                + String.join(":", Arrays.copyOfRange(groups, best + longest, groups.length));
    }
}
