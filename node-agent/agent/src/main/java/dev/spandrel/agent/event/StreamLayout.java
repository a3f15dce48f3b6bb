package dev.spandrel.agent.event;

import java.util.Map;

/** Byte offsets of {@code struct stream_event} and of the {@code struct stream_news} behind it, by the names of the C fields. */
public final class StreamLayout {
    static final int CONNECTION = 16;
    static final int CGROUP = 24;
    static final int GENERATION = 32;
    static final int THRESHOLD = 40;
    static final int SLOWER_THAN = 48;
    static final int CONFIG_FLAGS = 56;
    static final int PROTOCOLS = 60;
    static final int POLICY = 64;
    static final int MAX_SPANS = 68;
    static final int PID = 72;
    static final int TID = 76;
    static final int NETNS = 80;
    static final int ERROR_FROM = 84;
    static final int LOCAL_PORT = 86;
    static final int REMOTE_PORT = 88;
    static final int ROLE = 90;
    static final int ANSWERS = 91;
    static final int LOCAL_ADDRESS = 92;
    static final int REMOTE_ADDRESS = 108;
    static final int COMM = 124;
    static final int COUNT = 140;
    public static final int SIZE = 144;

    static final int SINCE = 0;
    static final int DATA_BYTES = 8;
    static final int ENDED = 24;
    static final int SERIAL = 32;
    static final int INSERTED = 36;
    static final int UNCOUNTED = 40;
    static final int STREAM = 44;
    static final int CODE = 48;
    static final int REMAINING = 52;
    static final int LENGTH = 56;
    static final int KIND = 58;
    static final int FRAME_TYPE = 59;
    static final int FRAME_FLAGS = 60;
    static final int FIRST = 61;
    static final int PASSED_OVER = 62;
    static final int ANSWERED = 63;
    public static final int NEWS_SIZE = 64;

    /** As in {@link Layout#STRUCTS}. */
    public static final Map<String, Integer> FIELDS = Map.ofEntries(
            Map.entry("connection", CONNECTION),
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
            Map.entry("error_from", ERROR_FROM),
            Map.entry("local_port", LOCAL_PORT),
            Map.entry("remote_port", REMOTE_PORT),
            Map.entry("role", ROLE),
            Map.entry("answers", ANSWERS),
            Map.entry("local_address", LOCAL_ADDRESS),
            Map.entry("remote_address", REMOTE_ADDRESS),
            Map.entry("comm", COMM),
            Map.entry("count", COUNT),
            Map.entry("", SIZE));

    /** Likewise. */
    public static final Map<String, Integer> NEWS_FIELDS = Map.ofEntries(
            Map.entry("since_ns", SINCE),
            Map.entry("data_bytes", DATA_BYTES),
            Map.entry("ended_ns", ENDED),
            Map.entry("serial", SERIAL),
            Map.entry("inserted", INSERTED),
            Map.entry("uncounted", UNCOUNTED),
            Map.entry("stream", STREAM),
            Map.entry("code", CODE),
            Map.entry("remaining", REMAINING),
            Map.entry("length", LENGTH),
            Map.entry("kind", KIND),
            Map.entry("frame_type", FRAME_TYPE),
            Map.entry("frame_flags", FRAME_FLAGS),
            Map.entry("first", FIRST),
            Map.entry("passed_over", PASSED_OVER),
            Map.entry("answered", ANSWERED),
            Map.entry("", NEWS_SIZE));

    private StreamLayout() {}
}
