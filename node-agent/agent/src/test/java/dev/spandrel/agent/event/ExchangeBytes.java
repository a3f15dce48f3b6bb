package dev.spandrel.agent.event;

import dev.spandrel.contract.v1.Protocol;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes exchange records by hand: from a text of {@code field: value} lines, an empty line, and the request head. */
public final class ExchangeBytes {
    private final Map<String, String> fields = new LinkedHashMap<>(Map.ofEntries(
            Map.entry("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"),
            Map.entry("span_id", "00f067aa0ba902b7"),
            Map.entry("role", "SERVER"),
            Map.entry("method", "GET"),
            Map.entry("status", "200"),
            Map.entry("minor_version", "1"),
            Map.entry("request_start_ns", "1000000"),
            Map.entry("request_end_ns", "1100000"),
            Map.entry("response_start_ns", "2900000"),
            Map.entry("response_end_ns", "3000000"),
            Map.entry("request_bytes", "120"),
            Map.entry("response_bytes", "1024"),
            Map.entry("ktime_ns", "5000000"),
            Map.entry("local", "10.0.0.2 8080"),
            Map.entry("remote", "10.0.0.9 40123"),
            Map.entry("cgroup_id", "77"),
            Map.entry("pid", "4242"),
            Map.entry("tid", "4243"),
            Map.entry("keep", "1")));
    private byte[] head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8);

    public static ExchangeBytes parse(String text) {
        ExchangeBytes exchange = new ExchangeBytes();
        int blank = text.startsWith("\n") ? 0 : text.indexOf("\n\n") + 1;
        text.substring(0, blank).lines().forEach(line -> {
            int colon = line.indexOf(':');
            exchange.with(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        });
        if (!exchange.fields.getOrDefault("protocol", "HTTP").startsWith("HTTP")
                && !exchange.fields.getOrDefault("protocol", "HTTP").matches("GRAPHQL|JSONRPC")) {
            exchange.fields.put("minor_version", exchange.fields.getOrDefault("variant", "0"));
        }
        String head = text.substring(blank + 1);
        return switch (exchange.fields.getOrDefault("protocol", "HTTP")) {
            case "HTTP", "HTTP2", "GRPC", "ELASTICSEARCH", "OPENSEARCH" -> exchange.head(head.replace("\n", "\r\n"));
            case "GRAPHQL", "JSONRPC" -> exchange.bodies(head);
            case "POSTGRESQL" -> exchange.frames(head.strip());
            default -> head.startsWith("#") ? exchange.frames(head.strip()) : exchange.escaped(head.strip());
        };
    }

    public ExchangeBytes with(String field, String value) {
        fields.put(field, value);
        return this;
    }

    /** Head and body of a request and, behind a line of dashes, the body of its answer. */
    private ExchangeBytes bodies(String text) {
        String[] sides = text.strip().split("\n---\n");
        int empty = sides[0].indexOf("\n\n");
        String head = (empty < 0 ? sides[0] : sides[0].substring(0, empty)).replace("\n", "\r\n") + "\r\n\r\n";
        String body = empty < 0 ? "" : sides[0].substring(empty + 2);
        int answer = (head + body).getBytes(StandardCharsets.UTF_8).length;
        fields.put("rows", "" + (answer << 16 | head.length()));
        return head(head + body + (sides.length > 1 ? sides[1] : ""));
    }

    /** Each line a frame: its type, a space, and its content with \0 for zeros; the length is put between. Or, after a hash, bytes in hex. */
    private ExchangeBytes frames(String lines) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        lines.lines().forEach(line -> {
            if (line.startsWith("#")) {
                frames.writeBytes(HexFormat.of().parseHex(line.substring(1).strip()));
                return;
            }
            byte[] content = line.substring(2).replace("\\0", "\0").getBytes(StandardCharsets.UTF_8);
            frames.write(line.charAt(0));
            frames.writeBytes(ByteBuffer.allocate(4).putInt(4 + content.length).array());
            frames.writeBytes(content);
        });
        head = frames.toByteArray();
        return this;
    }

    /** Bytes as they are but for \xNN, and without the ends of lines. */
    private ExchangeBytes escaped(String text) {
        head = Pattern.compile("\\\\x(..)")
                .matcher(text.replace("\n", ""))
                .replaceAll(found ->
                        Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(found.group(1), 16))))
                .getBytes(StandardCharsets.ISO_8859_1);
        return this;
    }

    public ExchangeBytes head(String text) {
        head = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    public MemorySegment segment() {
        return MemorySegment.ofArray(bytes());
    }

    public byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(Layout.EXCHANGE_SIZE + head.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort(Layout.TYPE, (short) Layout.EVENT_EXCHANGE).putShort(Layout.VERSION, (short) RecordCheck.VERSION);
        out.putInt(Layout.SIZE, out.capacity()).putLong(Layout.KTIME, number("ktime_ns"));
        out.put(Layout.TRACE_ID, HexFormat.of().parseHex(fields.get("trace_id")));
        out.put(Layout.SPAN_ID, HexFormat.of().parseHex(fields.get("span_id")));
        out.put(Layout.PARENT_SPAN_ID, HexFormat.of().parseHex(fields.getOrDefault("parent_span_id", "0".repeat(16))));
        putLong(out, Layout.REQUEST_START, "request_start_ns");
        putLong(out, Layout.REQUEST_END, "request_end_ns");
        putLong(out, Layout.RESPONSE_START, "response_start_ns");
        putLong(out, Layout.RESPONSE_END, "response_end_ns");
        putLong(out, Layout.REQUEST_BYTES, "request_bytes");
        putLong(out, Layout.RESPONSE_BYTES, "response_bytes");
        putLong(out, Layout.CGROUP, "cgroup_id");
        putLong(out, Layout.THRESHOLD, "threshold");
        out.putInt(Layout.PID, (int) number("pid")).putInt(Layout.TID, (int) number("tid"));
        putAddress(out, Layout.LOCAL_ADDRESS, Layout.LOCAL_PORT, "local");
        putAddress(out, Layout.REMOTE_ADDRESS, Layout.REMOTE_PORT, "remote");
        out.putInt(Layout.STATUS, (int) number("status")).putShort(Layout.HEAD_LEN, (short) head.length);
        out.put(Layout.TLS, (byte) number("tls")).put(Layout.MARKS, (byte) number("marks"));
        out.putLong(Layout.CONNECTION, Long.parseLong(fields.getOrDefault("connection", "7")));
        out.putInt(Layout.ROWS, Integer.parseInt(fields.getOrDefault("rows", "0")));
        out.put(Layout.PROTOCOL, (byte) Protocol.valueOf("PROTOCOL_" + fields.getOrDefault("protocol", "HTTP"))
                .getNumber());
        out.put(Layout.ROLE, (byte) Role.valueOf(fields.get("role")).ordinal());
        out.put(Layout.METHOD, (byte)
                (fields.containsKey("method_number")
                        ? number("method_number")
                        : Method.valueOf(fields.get("method")).ordinal()));
        out.put(Layout.MINOR_VERSION, (byte) number("minor_version"));
        out.put(Layout.END, (byte) End.valueOf(name("end", "COMPLETE")).ordinal());
        out.put(Layout.PARENT, (byte) Parent.valueOf(name("parent", "NONE")).ordinal());
        out.put(Layout.KEEP, (byte) number("keep")).put(Layout.TRACE_FLAGS, (byte) number("trace_flags"));
        out.put(Layout.COMM, fields.getOrDefault("comm", "server").getBytes(StandardCharsets.UTF_8));
        return out.put(Layout.EXCHANGE_SIZE, head).array();
    }

    private String name(String field, String otherwise) {
        return fields.getOrDefault(field, otherwise).toUpperCase(Locale.ROOT);
    }

    private long number(String field) {
        return Long.decode(fields.getOrDefault(field, "0"));
    }

    private void putLong(ByteBuffer out, int at, String field) {
        out.putLong(at, number(field));
    }

    private void putAddress(ByteBuffer out, int at, int portAt, String field) {
        String[] parts = fields.get(field).split(" ");
        byte[] raw = InetAddress.ofLiteral(parts[0]).getAddress();
        if (raw.length == 4) {
            out.put(at + 10, (byte) -1).put(at + 11, (byte) -1).put(at + 12, raw);
        } else {
            out.put(at, raw);
        }
        out.putShort(portAt, (short) Integer.parseInt(parts[1]));
    }
}
