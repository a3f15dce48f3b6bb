package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.ExchangeFields;
import dev.spandrel.agent.event.Parent;
import dev.spandrel.agent.event.StreamRecord;
import java.lang.foreign.MemorySegment;

/** Writes an exchange as the record that the kernel would have made of it. */
final class RecordWriter {
    private final ExchangeFields fields = new ExchangeFields();

    /** Valid until the next call. */
    MemorySegment write(Exchange x, int protocol, End end, int keep, long now) {
        StreamRecord began = x.began;
        TraceContext context = x.context;
        fields.start(x.head.length)
                .ids(context.high(), context.low(), x.spanId, context.parentSpanId())
                .times(now, x.start(), x.requestEnd, x.responseStart, x.responseEnd)
                .bytes(x.requestBytes, x.responseBytes)
                .config(began.cgroup(), began.generation(), began.threshold(), began.policy())
                .task(began.connection(), began.pid(), began.tid(), began.netns())
                .addresses(
                        began.bytes(),
                        began.localAddressOffset(),
                        began.remoteAddressOffset(),
                        began.localPort(),
                        began.remotePort())
                .outcome(x.isGrpc() ? x.grpcStatus : x.status, end, keep)
                .request(protocol, began.role(), x.method, parent(x), context.flags())
                .marks(x.hasUnknown, x.isSecure)
                .comm(began.bytes(), began.commOffset())
                .head(x.head);
        return fields.segment();
    }

    private static Parent parent(Exchange x) {
        if (x.context.isParent()) {
            return Parent.HEADER;
        }
        return x.hasUnknown && !x.context.isGiven() ? Parent.UNCERTAIN : Parent.NONE;
    }
}
