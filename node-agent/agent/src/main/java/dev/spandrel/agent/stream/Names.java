package dev.spandrel.agent.stream;

import dev.spandrel.agent.protocol.Slice;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Texts of the names seen last, so that one that comes again costs no allocation. */
final class Names {
    private static final int SLOTS = 512;

    private final @Nullable String[] seen = new String[SLOTS];

    String of(Slice name) {
        return of(name, StandardCharsets.UTF_8);
    }

    String of(Slice name, Charset charset) {
        int hash = 1;
        for (int i = 0; i < name.length(); i++) {
            hash = hash * 31 + name.at(i);
        }
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        String known = seen[slot];
        if (known == null || !is(known, name)) {
            known = new String(name.bytes(), name.from(), name.length(), charset);
            seen[slot] = known;
        }
        return known;
    }

    private static boolean is(String known, Slice name) {
        if (known.length() != name.length()) {
            return false;
        }
        for (int i = 0; i < known.length(); i++) {
            if (known.charAt(i) != (name.at(i) & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
