package dev.spandrel.agent.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/** OTLP/JSON on a stream, one request a line. */
public final class JsonLines implements Receiver {
    private final OutputStream out;

    public JsonLines(OutputStream out) {
        this.out = out;
    }

    @Override
    public SpanEncoder encoder(String version) {
        return new JsonSpanEncoder(version);
    }

    @Override
    public synchronized Outcome send(ByteBuffer request, int spans, Duration timeout) {
        try {
            out.write(request.array(), request.arrayOffset(), request.remaining());
            out.flush();
            return new Outcome.Accepted();
        } catch (IOException e) {
            return new Outcome.Refused("standard output: " + e.getMessage());
        }
    }

    @Override
    public String description() {
        return "OTLP/JSON lines on standard output";
    }

    @Override
    public void close() {}
}
