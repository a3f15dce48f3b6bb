package dev.spandrel.agent.event;

import java.util.Map;

/** Byte offsets of {@code struct stream_event}, by the names of the C fields. */
public final class StreamLayout {
    static final int CONNECTION = 16;
    static final int SINCE = 24;
    static final int DATA_BYTES = 32;
    static final int ENDED = 48;
    static final int CGROUP = 56;
    static final int GENERATION = 64;
    static final int THRESHOLD = 72;
    static final int SLOWER_THAN = 80;
    static final int CONFIG_FLAGS = 88;
    static final int PROTOCOLS = 92;
    static final int POLICY = 96;
    static final int MAX_SPANS = 100;
    static final int PID = 104;
    static final int TID = 108;
    static final int NETNS = 112;
    static final int SERIAL = 116;
    static final int INSERTED = 120;
    static final int UNCOUNTED = 124;
    static final int STREAM = 128;
    static final int CODE = 132;
    static final int REMAINING = 136;
    static final int LENGTH = 140;
    static final int ERROR_FROM = 142;
    static final int LOCAL_ADDRESS = 144;
    static final int REMOTE_ADDRESS = 160;
    static final int LOCAL_PORT = 176;
    static final int REMOTE_PORT = 178;
    static final int KIND = 180;
    static final int ROLE = 181;
    static final int ANSWERS = 182;
    static final int FRAME_TYPE = 183;
    static final int FRAME_FLAGS = 184;
    static final int FIRST = 185;
    static final int PASSED_OVER = 186;
    static final int COMM = 192;
    public static final int SIZE = 208;

    /** As in {@link Layout#STRUCTS}. */
    public static final Map<String, Integer> FIELDS = Map.ofEntries(
            Map.entry("connection", CONNECTION),
            Map.entry("since_ns", SINCE),
            Map.entry("data_bytes", DATA_BYTES),
            Map.entry("ended_ns", ENDED),
            Map.entry("cgroup_id", CGROUP),
            Map.entry("generation", GENERATION),
            Map.entry("threshold", THRESHOLD),
            Map.entry("slower_than_ns", SLOWER_THAN),
            Map.entry("config_flags", CONFIG_FLAGS),
            Map.entry("protocols", PROTOCOLS),
            Map.entry("policy", POLICY),
            Map.entry("max_spans", MAX_SPANS),
            Map.entry("pid", PID),
            Map.entry("tid", TID),
            Map.entry("netns", NETNS),
            Map.entry("serial", SERIAL),
            Map.entry("inserted", INSERTED),
            Map.entry("uncounted", UNCOUNTED),
            Map.entry("stream", STREAM),
            Map.entry("code", CODE),
            Map.entry("remaining", REMAINING),
            Map.entry("length", LENGTH),
            Map.entry("error_from", ERROR_FROM),
            Map.entry("local_address", LOCAL_ADDRESS),
            Map.entry("remote_address", REMOTE_ADDRESS),
            Map.entry("local_port", LOCAL_PORT),
            Map.entry("remote_port", REMOTE_PORT),
            Map.entry("kind", KIND),
            Map.entry("role", ROLE),
            Map.entry("answers", ANSWERS),
            Map.entry("frame_type", FRAME_TYPE),
            Map.entry("frame_flags", FRAME_FLAGS),
            Map.entry("first", FIRST),
            Map.entry("passed_over", PASSED_OVER),
            Map.entry("comm", COMM),
            Map.entry("", SIZE));

    private StreamLayout() {}
}
