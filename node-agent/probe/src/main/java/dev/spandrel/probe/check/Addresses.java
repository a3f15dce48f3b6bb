package dev.spandrel.probe.check;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** IP addresses as people write them: 4 or 16 bytes. */
final class Addresses {
    private static final int GROUPS = 8;

    private Addresses() {}

    static Optional<byte[]> parse(String text) {
        return text.contains(":") ? six(text) : four(text);
    }

    private static Optional<byte[]> four(String text) {
        if (!text.matches("(\\d{1,3}\\.){3}\\d{1,3}")) return Optional.empty();
        var bytes = new byte[4];
        var parts = text.split("\\.");
        for (int i = 0; i < bytes.length; i++) {
            int part = Integer.parseInt(parts[i]);
            if (part > 255) return Optional.empty();
            bytes[i] = (byte) part;
        }
        return Optional.of(bytes);
    }

    private static Optional<byte[]> six(String text) {
        int gap = text.indexOf("::");
        var first = groups(gap < 0 ? text : text.substring(0, gap));
        var last = groups(gap < 0 ? "" : text.substring(gap + 2));
        if (first.isEmpty() || last.isEmpty()) return Optional.empty();
        int written = first.get().size() + last.get().size();
        if (gap < 0 ? written != GROUPS : written >= GROUPS) return Optional.empty();
        var bytes = ByteBuffer.allocate(2 * GROUPS);
        first.get().forEach(g -> bytes.putShort(g.shortValue()));
        bytes.position(bytes.capacity() - 2 * last.get().size());
        last.get().forEach(g -> bytes.putShort(g.shortValue()));
        return Optional.of(bytes.array());
    }

    /** Numbers of 16 bits; the last two may be written as an address of four bytes. */
    private static Optional<List<Integer>> groups(String text) {
        var found = new ArrayList<Integer>();
        if (text.isEmpty()) return Optional.of(found);
        var parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            var embedded = i == parts.length - 1 ? four(parts[i]) : Optional.<byte[]>empty();
            if (embedded.isPresent()) {
                var bytes = ByteBuffer.wrap(embedded.get());
                found.add((int) bytes.getShort());
                found.add((int) bytes.getShort());
            } else if (parts[i].matches("[0-9a-fA-F]{1,4}")) found.add(Integer.parseInt(parts[i], 16));
            else return Optional.empty();
        }
        return Optional.of(found);
    }
}
