package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.KernelCounter;
import dev.spandrel.agent.event.Layout;
import dev.spandrel.agent.event.Method;
import dev.spandrel.agent.event.RequestCount;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.event.StreamRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts every exchange, kept or not, as {@code sp_requests} and {@code sp_counters} do. Written by the drain thread, read by others. */
public final class StreamCounts {
    /** As many as the kernel's map takes. */
    private static final int MOST = 4096;

    private record Key(
            long cgroup,
            int protocol,
            Role role,
            Method method,
            String operation,
            int status,
            End end,
            boolean tls,
            String serverAddress,
            int serverPort) {}

    private static final class Value {
        private final byte[] serverAddress;
        private long count;
        private long nanos;
        private long kept;
        private final long[] buckets = new long[Layout.BUCKETS];

        Value(byte[] serverAddress) {
            this.serverAddress = serverAddress;
        }
    }

    private final long[] counters = new long[KernelCounter.values().length];
    private final Map<Key, Value> values = new HashMap<>();
    private final Addresses addresses = new Addresses();

    synchronized void count(KernelCounter counter) {
        counters[counter.ordinal()]++;
    }

    synchronized void count(Exchange x, int protocol, End end, boolean kept) {
        StreamRecord began = x.began;
        Key key = new Key(
                began.cgroup(),
                protocol,
                began.role(),
                x.method,
                x.isGrpc() ? x.operation : "",
                x.isGrpc() ? x.grpcStatus : x.status,
                end,
                x.isSecure,
                x.isClient() ? addresses.of(began.bytes(), began.remoteAddressOffset()) : "",
                x.isClient() ? began.remotePort() : began.localPort());
        Value value = values.get(key);
        if (value == null) {
            if (values.size() >= MOST) {
                counters[KernelCounter.METRICS.ordinal()]++;
                return;
            }
            value = new Value(
                    x.isClient()
                            ? Arrays.copyOfRange(
                                    began.bytes(), began.remoteAddressOffset(), began.remoteAddressOffset() + 16)
                            : new byte[16]);
            values.put(key, value);
        }
        long nanos = x.durationNanos();
        value.count++;
        value.nanos += nanos;
        value.kept += kept ? 1 : 0;
        value.buckets[RequestCount.bucket(nanos)]++;
    }

    /** In the kernel's terms. */
    public synchronized List<RequestCount> requests() {
        List<RequestCount> all = new ArrayList<>();
        values.forEach((key, value) -> all.add(new RequestCount(
                key.toString(),
                key.cgroup,
                value.serverAddress,
                key.serverPort,
                key.status,
                key.protocol,
                key.role,
                key.method.ordinal(),
                key.end,
                0,
                key.tls,
                value.count,
                value.nanos,
                value.kept,
                value.buckets.clone(),
                key.operation)));
        return all;
    }

    /** Takes out entries that nothing counts into any more. */
    public synchronized void remove(Collection<RequestCount> gone) {
        Set<String> keys = gone.stream().map(RequestCount::key).collect(Collectors.toSet());
        values.keySet().removeIf(key -> keys.contains(key.toString()));
    }

    /** By {@link KernelCounter}. */
    public synchronized long[] counters() {
        return counters.clone();
    }

    /** Its figures were taken over. */
    public synchronized void clear() {
        values.clear();
        Arrays.fill(counters, 0);
    }
}
