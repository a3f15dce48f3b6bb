package dev.spandrel.agent.export;

import io.opentelemetry.exporter.internal.http.HttpSender;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An answer to a POST by HTTP/1.1. {@code keepAlive}: the connection may carry another request. */
record HttpResponse(int statusCode, String statusMessage, byte[] responseBody, boolean keepAlive)
        implements HttpSender.Response {
    private static final int MAX_LINE = 16 * 1024;
    private static final int MAX_HEADERS = 256;
    private static final int MAX_BODY = 4 << 20;

    /** Throws {@link IOException} where the stream ends too early or what comes is not HTTP. */
    static HttpResponse read(InputStream in) throws IOException {
        while (true) {
            String[] status = line(in).split(" ", 3);
            if (!status[0].startsWith("HTTP/1.") || status.length < 2 || !status[1].matches("[1-9]\\d\\d")) {
                throw new ProtocolException("not an answer by HTTP/1: " + status[0]);
            }
            int code = Integer.parseInt(status[1]);
            Map<String, String> headers = headers(in);
            if (code >= 200) {
                return response(in, code, status, headers);
            }
        }
    }

    private static HttpResponse response(InputStream in, int code, String[] status, Map<String, String> headers)
            throws IOException {
        String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        boolean keepAlive =
                status[0].equals("HTTP/1.0") ? connection.equals("keep-alive") : !connection.equals("close");
        byte[] body;
        if (code == 204 || code == 304) {
            body = new byte[0];
        } else if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            body = chunked(in);
        } else if (headers.containsKey("content-length")) {
            body = exactly(in, number(headers.get("content-length"), 10));
        } else {
            keepAlive = false;
            body = in.readNBytes(MAX_BODY);
        }
        return new HttpResponse(code, status.length > 2 ? status[2] : "", body, keepAlive);
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int count = 0; count < MAX_HEADERS; count++) {
            String line = line(in);
            if (line.isEmpty()) {
                return headers;
            }
            int colon = Math.max(0, line.indexOf(':'));
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        throw new ProtocolException("more than " + MAX_HEADERS + " headers");
    }

    private static byte[] chunked(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            String size = line(in);
            int semicolon = size.indexOf(';');
            int length = number((semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
            if (length == 0) {
                headers(in);
                return body.toByteArray();
            }
            body.write(exactly(in, length));
            number(Integer.toString(body.size()), 10);
            line(in);
        }
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer's body ended too early");
        }
        return bytes;
    }

    private static int number(String text, int radix) throws IOException {
        try {
            int number = Integer.parseInt(text, radix);
            if (number >= 0 && number <= MAX_BODY) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new ProtocolException("not a length: " + text);
        }
        throw new ProtocolException("not a body's length: " + text);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection was closed before the answer was whole");
            }
            if (line.size() == MAX_LINE) {
                throw new ProtocolException("a line longer than " + MAX_LINE);
            }
            line.write(c);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
