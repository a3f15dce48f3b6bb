package dev.spandrel.probe.live.object;

import dev.spandrel.ebpf.RingBuffer;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The ring buffers of an object that is loaded. Of one thread. */
final class Rings implements AutoCloseable {
    /** At a time, so that one object does not keep the others waiting. */
    private static final int MOST = 4_096;

    private record Open(ExportedRing exported, RingBuffer buffer) {}

    private final List<Open> open = new ArrayList<>();
    private long unreadable;

    void open(List<ExportedRing> exported) {
        for (var one : exported) open.add(new Open(one, RingBuffer.open(one.map())));
    }

    /** A record that is shorter than its struct is counted and not read; what is behind the struct is not looked at. */
    void drain(Consumer<ObjectRecord> records) {
        for (Open one : open)
            one.buffer.drain(
                    (data, offset, length) -> {
                        if (length < one.exported.bytes()) unreadable++;
                        else
                            records.accept(one.exported.read(
                                    data.asSlice(offset, one.exported.bytes()).toArray(ValueLayout.JAVA_BYTE)));
                    },
                    MOST);
    }

    long unreadable() {
        return unreadable;
    }

    @Override
    public void close() {
        open.forEach(one -> one.buffer.close());
        open.clear();
    }
}
