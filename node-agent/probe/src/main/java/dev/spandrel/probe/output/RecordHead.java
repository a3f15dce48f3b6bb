package dev.spandrel.probe.output;

/** What a managed program's record begins with, in bytes; a plain one has the action alone. Arguments follow. */
public final class RecordHead {
    public static final int ACTION = 0;
    /** CLOCK_MONOTONIC, nanoseconds. */
    public static final int TIME = 8;

    public static final int CGROUP = 16;
    /** Process in the high half, thread in the low one. */
    public static final int THREAD = 24;
    /** Of the request that the thread answers; zeroes if there is none. */
    public static final int TRACE_ID = 32;

    public static final int SPAN_ID = 48;
    public static final int MANAGED = 56;
    public static final int PLAIN = 8;

    private RecordHead() {}
}
