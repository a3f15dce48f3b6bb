package dev.spandrel.agent.event;

import java.util.Map;

/** Byte offsets of {@code bpf/include/spandrel/event.h}, by the names of the C fields. */
public final class Layout {
    public static final int TYPE = 0;
    public static final int VERSION = 2;
    public static final int SIZE = 4;
    public static final int KTIME = 8;

    public static final int EVENT_EXCHANGE = 1;
    public static final int EVENT_CGROUP = 2;
    public static final int EVENT_STATEMENT = 3;
    public static final int EVENT_STREAM = 4;

    static final int TRACE_ID = 16;
    static final int SPAN_ID = 32;
    static final int PARENT_SPAN_ID = 40;
    static final int REQUEST_START = 48;
    static final int REQUEST_END = 56;
    static final int RESPONSE_START = 64;
    static final int RESPONSE_END = 72;
    static final int REQUEST_BYTES = 80;
    static final int RESPONSE_BYTES = 88;
    public static final int CGROUP = 96;
    static final int GENERATION = 104;
    static final int THRESHOLD = 112;
    static final int CONNECTION = 120;
    public static final int PID = 128;
    static final int TID = 132;
    static final int NETNS = 136;
    static final int POLICY = 140;
    static final int LOCAL_ADDRESS = 144;
    static final int REMOTE_ADDRESS = 160;
    static final int LOCAL_PORT = 176;
    static final int REMOTE_PORT = 178;
    public static final int HEAD_LEN = 180;
    static final int TLS = 182;
    static final int MARKS = 183;
    /** Of {@code enum sp_mark}. */
    static final int HAS_UNKNOWN = 1;

    static final int OF_CARRIER = 2;
    static final int OF_STREAM = 4;

    static final int STATUS = 184;
    static final int ROWS = 188;
    static final int PROTOCOL = 192;
    static final int ROLE = 193;
    static final int METHOD = 194;
    static final int MINOR_VERSION = 195;
    static final int END = 196;
    static final int PARENT = 197;
    static final int KEEP = 198;
    static final int TRACE_FLAGS = 199;
    public static final int COMM = 200;
    public static final int COMM_SIZE = 16;
    public static final int EXCHANGE_SIZE = 216;

    static final int STATEMENT_CONNECTION = 16;
    public static final int STATEMENT_LENGTH = 24;
    static final int STATEMENT_PROTOCOL = 28;
    static final int STATEMENT_KIND = 29;
    public static final int STATEMENT_SIZE = 32;

    static final int CGROUP_ID = 16;
    static final int CGROUP_PARENT = 24;
    static final int CGROUP_REMOVED = 32;
    static final int CGROUP_PATH = 40;
    static final int CGROUP_PATH_SIZE = 256;
    static final int CGROUP_EVENT_SIZE = 296;

    public static final int REQUESTS_KEY_SIZE = 40;
    public static final int REQUESTS_VALUE_SIZE = 152;
    public static final int BUCKETS = 16;

    /** Field name to offset of each struct, for the comparison with the object's BTF; {@code ""} is the size of the struct. */
    public static final Map<String, Map<String, Integer>> STRUCTS = Map.of(
            "event_header",
            Map.of("type", TYPE, "version", VERSION, "size", SIZE, "ktime_ns", KTIME, "", 16),
            "exchange_event",
            Map.ofEntries(
                    Map.entry("trace_id", TRACE_ID),
                    Map.entry("span_id", SPAN_ID),
                    Map.entry("parent_span_id", PARENT_SPAN_ID),
                    Map.entry("request_start_ns", REQUEST_START),
                    Map.entry("request_end_ns", REQUEST_END),
                    Map.entry("response_start_ns", RESPONSE_START),
                    Map.entry("response_end_ns", RESPONSE_END),
                    Map.entry("request_bytes", REQUEST_BYTES),
                    Map.entry("response_bytes", RESPONSE_BYTES),
                    Map.entry("cgroup_id", CGROUP),
                    Map.entry("generation", GENERATION),
                    Map.entry("threshold", THRESHOLD),
                    Map.entry("connection", CONNECTION),
                    Map.entry("rows", ROWS),
                    Map.entry("pid", PID),
                    Map.entry("tid", TID),
                    Map.entry("netns", NETNS),
                    Map.entry("policy", POLICY),
                    Map.entry("local_address", LOCAL_ADDRESS),
                    Map.entry("remote_address", REMOTE_ADDRESS),
                    Map.entry("local_port", LOCAL_PORT),
                    Map.entry("remote_port", REMOTE_PORT),
                    Map.entry("status", STATUS),
                    Map.entry("head_len", HEAD_LEN),
                    Map.entry("tls", TLS),
                    Map.entry("marks", MARKS),
                    Map.entry("protocol", PROTOCOL),
                    Map.entry("role", ROLE),
                    Map.entry("method", METHOD),
                    Map.entry("minor_version", MINOR_VERSION),
                    Map.entry("end", END),
                    Map.entry("parent", PARENT),
                    Map.entry("keep", KEEP),
                    Map.entry("trace_flags", TRACE_FLAGS),
                    Map.entry("comm", COMM),
                    Map.entry("", EXCHANGE_SIZE)),
            "statement_event",
            Map.of(
                    "connection",
                    STATEMENT_CONNECTION,
                    "length",
                    STATEMENT_LENGTH,
                    "protocol",
                    STATEMENT_PROTOCOL,
                    "kind",
                    STATEMENT_KIND,
                    "",
                    STATEMENT_SIZE),
            "stream_event",
            StreamLayout.FIELDS,
            "stream_news",
            StreamLayout.NEWS_FIELDS,
            "cgroup_event",
            Map.of(
                    "cgroup_id",
                    CGROUP_ID,
                    "parent_id",
                    CGROUP_PARENT,
                    "removed",
                    CGROUP_REMOVED,
                    "path",
                    CGROUP_PATH,
                    "",
                    CGROUP_EVENT_SIZE),
            "requests_key",
            Map.of(
                    "cgroup_id",
                    0,
                    "server_address",
                    8,
                    "server_port",
                    24,
                    "protocol",
                    26,
                    "role",
                    27,
                    "status",
                    28,
                    "method",
                    32,
                    "end_minor",
                    33,
                    "tls",
                    34,
                    "",
                    REQUESTS_KEY_SIZE),
            "requests_value",
            Map.of("count", 0, "duration_ns", 8, "kept", 16, "bucket", 24, "", REQUESTS_VALUE_SIZE));

    private Layout() {}
}
