package dev.spandrel.agent.stream;

import dev.spandrel.agent.protocol.Slice;
import java.nio.charset.StandardCharsets;

/** Addresses as keys: sixteen bytes as a text that is made once. */
final class Addresses {
    private final Names names = new Names();
    private final Slice slice = new Slice();

    String of(byte[] bytes, int at) {
        return names.of(slice.set(bytes, at, at + 16), StandardCharsets.ISO_8859_1);
    }
}
