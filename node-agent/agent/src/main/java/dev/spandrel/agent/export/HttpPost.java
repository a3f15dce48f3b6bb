package dev.spandrel.agent.export;

import io.opentelemetry.exporter.internal.compression.Compressor;
import io.opentelemetry.exporter.internal.http.HttpSender;
import io.opentelemetry.exporter.internal.http.HttpSenderConfig;
import io.opentelemetry.exporter.internal.marshal.Marshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The SDK's sender for HTTP, as one POST over HTTP/1.1 in the caller's thread: half a megabyte is a few system calls and no hand-over between threads.
 * Several threads may send; each uses a connection of its own, which stays open.
 */
final class HttpPost implements HttpSender {
    private final HttpSenderConfig config;
    private final URI endpoint;
    private final ConcurrentLinkedDeque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
    private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("spandrel-deadlines").daemon().factory());

    HttpPost(HttpSenderConfig config) {
        this.config = config;
        this.endpoint = URI.create(config.getEndpoint());
        deadlines.setRemoveOnCancelPolicy(true);
    }

    /** Has answered when it returns, within the configured timeout. */
    @Override
    public void send(Marshaler body, int length, Consumer<Response> onResponse, Consumer<Throwable> onError) {
        Response response;
        try {
            response = post(body, length);
        } catch (IOException | RuntimeException e) {
            onError.accept(e);
            return;
        }
        onResponse.accept(response);
    }

    private HttpResponse post(Marshaler body, int length) throws IOException {
        HttpConnection kept = idle.pollLast();
        if (kept != null) {
            try {
                return exchange(kept, body, length);
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                // The other side may close an idle connection at any time, also while this request was on its way.
            }
        }
        HttpConnection fresh = HttpConnection.open(endpoint, config);
        open.add(fresh);
        return exchange(fresh, body, length);
    }

    private HttpResponse exchange(HttpConnection connection, Marshaler body, int length) throws IOException {
        // Set before the close: who reads sees the close sooner than that its task is done.
        AtomicBoolean late = new AtomicBoolean();
        Future<?> deadline = deadlines.schedule(
                () -> {
                    late.set(true);
                    connection.close();
                },
                config.getTimeoutNanos(),
                TimeUnit.NANOSECONDS);
        boolean reusable = false;
        try {
            write(connection.out(), body, length);
            HttpResponse response = HttpResponse.read(connection.in());
            reusable = response.keepAlive();
            return response;
        } catch (IOException e) {
            if (late.get()) {
                throw new SocketTimeoutException("no answer in " + config.getTimeoutNanos() / 1_000_000 + " ms");
            }
            throw e;
        } finally {
            deadline.cancel(false);
            if (reusable) {
                idle.addLast(connection);
            } else {
                open.remove(connection);
                connection.close();
            }
        }
    }

    private void write(OutputStream out, Marshaler body, int length) throws IOException {
        Compressor compressor = config.getCompressor();
        if (compressor == null) {
            out.write(head(length, ""));
            writeBody(body, out);
        } else {
            var compressed = new ByteArrayOutputStream();
            try (OutputStream stream = compressor.compress(compressed)) {
                writeBody(body, stream);
            }
            out.write(head(compressed.size(), "Content-Encoding: " + compressor.getEncoding() + "\r\n"));
            compressed.writeTo(out);
        }
        out.flush();
    }

    private static void writeBody(Marshaler body, OutputStream out) throws IOException {
        if (body instanceof EncodedRequest encoded) {
            encoded.writeBytes(out);
        } else {
            body.writeBinaryTo(out);
        }
    }

    private byte[] head(int length, String encoding) {
        String path = endpoint.getRawPath().isEmpty() ? "/" : endpoint.getRawPath();
        String query = endpoint.getRawQuery() == null ? "" : "?" + endpoint.getRawQuery();
        var head = new StringBuilder("POST ").append(path).append(query).append(" HTTP/1.1\r\nHost: ");
        head.append(endpoint.getHost()).append(endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort());
        head.append("\r\nContent-Type: ").append(config.getContentType()).append("\r\nContent-Length: ");
        head.append(length).append("\r\n").append(encoding);
        config.getHeadersSupplier()
                .get()
                .forEach((name, values) -> values.forEach(
                        value -> head.append(name).append(": ").append(value).append("\r\n")));
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public CompletableResultCode shutdown() {
        deadlines.shutdownNow();
        open.forEach(HttpConnection::close);
        return CompletableResultCode.ofSuccess();
    }
}
