package dev.spandrel.probe.live.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes as the kernel wrote them. */
public final class Bytes {
    private Bytes() {}

    public static ByteBuffer of(byte[] content) {
        return ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
    }
}
