package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.ExchangeFields;
import dev.spandrel.agent.event.Parent;
import dev.spandrel.agent.event.StreamRecord;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;
import java.lang.foreign.MemorySegment;

/** Writes an exchange as the record that the kernel would have made of it. */
final class RecordWriter {
    private final ExchangeFields fields = new ExchangeFields();
    private final Text assembled = new Text();
    private final Slice head = new Slice();

    /** {@code bodies}: those that say what it is. Valid until the next call. */
    MemorySegment write(Exchange x, Bodies.Kept bodies, int protocol, End end, int keep, long now) {
        StreamRecord began = x.began;
        TraceContext context = x.context;
        assembled.start().bytes(x.head, 0, x.head.length);
        int asked = assembled.length();
        int answered = behind(bodies.asked());
        boolean hasBodies = answered > asked;
        if (hasBodies) {
            behind(bodies.answered());
        }
        assembled.into(head);
        fields.start(head.length())
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
                .bodies(hasBodies ? asked : 0, hasBodies ? answered : 0)
                .head(head.bytes(), head.from(), head.length());
        return fields.segment();
    }

    /** As far as there is room. Answers where the next one would begin. */
    private int behind(Slice body) {
        assembled.bytes(body.bytes(), body.from(), Math.min(body.length(), RequestFields.MOST - assembled.length()));
        return assembled.length();
    }

    private static Parent parent(Exchange x) {
        if (x.context.isParent()) {
            return Parent.HEADER;
        }
        return x.hasUnknown && !x.context.isGiven() ? Parent.UNCERTAIN : Parent.NONE;
    }
}
