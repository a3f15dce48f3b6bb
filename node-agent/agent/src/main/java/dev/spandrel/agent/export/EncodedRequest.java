package dev.spandrel.agent.export;

import io.opentelemetry.exporter.internal.marshal.Marshaler;
import io.opentelemetry.exporter.internal.marshal.Serializer;
import java.io.IOException;

/** Bytes that are encoded already, in the form the SDK's senders take. */
final class EncodedRequest extends Marshaler {
    private final byte[] bytes;

    EncodedRequest(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int getBinarySerializedSize() {
        return bytes.length;
    }

    @Override
    protected void writeTo(Serializer output) throws IOException {
        output.writeSerializedMessage(bytes, "");
    }
}
