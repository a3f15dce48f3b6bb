package dev.spandrel.probe.type;

import java.util.Map;
import java.util.Set;

/**
 * Where the agent's data path keeps the request that a thread or a goroutine is answering: thread storage and a hash with this value, and an array of times at
 * which what they held before ended. Offsets and sizes in bytes; they are those of {@code struct task_context} in bpf/src/conn.h.
 *
 * @param uncertain two bytes, not 0 where the thread may be answering another request at the same time
 * @param named a byte, not 0 if there is a request line
 * @param endings a power of two: entries of the array, which is looked up by thread id, or by span id of what a goroutine answers, modulo it
 */
public record RequestContext(
        int bytes, int traceId, int spanId, int since, int uncertain, int named, int line, int endings) {
    /** So much of a request's line. */
    public static final int LINE_BYTES = 64;

    public static final RequestContext OF_AGENT = new RequestContext(104, 0, 16, 24, 32, 38, 40, 8192);
    /** What a program asks about it. */
    public static final Set<String> FUNCTIONS = Set.of("trace_id", "span_id", "span_name", "route");
    /** Names of the agent's maps. */
    public static final String REQUESTS = "sp_tasks";

    /** Likewise by goroutine: the address of its runtime.g, and the process. */
    public static final String GOROUTINES = "sp_goroutines";

    public static final String ENDINGS = "sp_void";

    /** By their names in the data path; the empty one is the whole. */
    public Map<String, Integer> members() {
        return Map.of(
                "",
                bytes,
                "trace_id",
                traceId,
                "span_id",
                spanId,
                "since",
                since,
                "multiplexed",
                uncertain,
                "named",
                named,
                "line",
                line);
    }
}
