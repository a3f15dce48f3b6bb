package dev.spandrel.agent.span;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Texts of the addresses seen last, so that a peer that comes again costs no allocation. One thread. */
final class AddressTexts {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int SLOTS = 256;

    private record Entry(long high, long low, String text) {}

    private final @Nullable Entry[] seen = new Entry[SLOTS];

    /** As {@link Addresses#text}. */
    String of(byte[] bytes, int offset) {
        long high = (long) LONG.get(bytes, offset);
        long low = (long) LONG.get(bytes, offset + 8);
        int slot = (int) ((high * 31 + low) * 0x9E3779B97F4A7C15L >>> 56);
        Entry entry = seen[slot];
        if (entry == null || entry.low != low || entry.high != high) {
            entry = new Entry(high, low, Addresses.text(bytes, offset));
            seen[slot] = entry;
        }
        return entry.text;
    }
}
