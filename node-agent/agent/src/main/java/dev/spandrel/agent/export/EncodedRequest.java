package dev.spandrel.agent.export;

import io.opentelemetry.exporter.internal.marshal.Marshaler;
import io.opentelemetry.exporter.internal.marshal.Serializer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that are encoded already, in the form the SDK's senders take. */
final class EncodedRequest extends Marshaler {
    private final ByteBuffer bytes;

    EncodedRequest(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    @Override
    public int getBinarySerializedSize() {
        return bytes.remaining();
    }

    @Override
    protected void writeTo(Serializer output) throws IOException {
        byte[] array = bytes.array();
        int start = bytes.arrayOffset();
        output.writeSerializedMessage(Arrays.copyOfRange(array, start, start + bytes.remaining()), "");
    }

    /** The same without a copy. */
    void writeBytes(OutputStream out) throws IOException {
        out.write(bytes.array(), bytes.arrayOffset(), bytes.remaining());
    }
}
