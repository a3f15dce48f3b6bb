package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.StreamRecord;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;
import dev.spandrel.agent.protocol.http2.FieldSink;
import dev.spandrel.agent.protocol.http2.Hpack;

/** The header blocks of one direction of a connection: put together from frames, and those from parts. */
final class Blocks {
    static final int HEADERS = 1;
    static final int PUSH_PROMISE = 5;
    static final int CONTINUATION = 9;

    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;
    private static final int PRIORITY_BYTES = 5;
    private static final int PROMISED_BYTES = 4;
    /** Of one block: servers take no longer ones. */
    private static final int MOST = 1 << 20;

    private final Hpack hpack = new Hpack();
    private final Text gathered = new Text();
    private final Slice block = new Slice();
    private boolean stripped;
    private int type;
    private int flags;
    private boolean gathering;
    private boolean counted;
    private int serial;
    /** What the kernel has counted more than was inserted here. */
    private int ahead;

    private int uncounted;

    /** Whether no news of this direction were lost before these. If some were, what they put into the table is unknown. */
    boolean follows(StreamRecord news) {
        boolean follows = !counted || news.serial() == serial;
        if (!follows) {
            gathering = false;
            int missed = news.inserted() - ahead - hpack.inserted();
            hpack.missed(news.uncounted() == uncounted ? missed : Hpack.ANY);
        }
        counted = true;
        serial = news.serial() + 1;
        uncounted = news.uncounted();
        ahead = news.inserted() - hpack.inserted();
        return follows;
    }

    /** A block cannot be read. */
    private void lost() {
        hpack.missed(Hpack.ANY);
        gathering = false;
    }

    /** Takes a frame or a part of one. True: a block is whole. */
    boolean add(StreamRecord part) {
        if (part.isFirst() && part.frameType() != CONTINUATION) {
            gathering = true;
            type = part.frameType();
            flags = part.frameFlags();
            gathered.start();
            stripped = false;
            if (part.remaining() == 0 && (flags & END_HEADERS) != 0) {
                gathering = false;
                return strip(block.set(part.bytes(), part.from(), part.to()));
            }
        }
        if (!gathering) {
            return false;
        }
        gathered.bytes(part.bytes(), part.from(), part.to() - part.from());
        if (gathered.length() > MOST) {
            lost();
            return false;
        }
        if (part.remaining() > 0) {
            return false;
        }
        if (!stripped && !stripGathered()) {
            return false;
        }
        if ((part.frameFlags() & END_HEADERS) == 0) {
            return false;
        }
        gathering = false;
        gathered.into(block);
        return true;
    }

    /** Of the block that is whole: HEADERS or PUSH_PROMISE. */
    int type() {
        return type;
    }

    /** Whether its sender says nothing more on the stream. */
    boolean endsStream() {
        return type == HEADERS && (flags & END_STREAM) != 0;
    }

    /** Reads the block that is whole. False: it is none. */
    boolean decode(FieldSink sink) {
        return hpack.decode(block.bytes(), block.from(), block.to(), sink);
    }

    private boolean stripGathered() {
        gathered.into(block);
        if (!strip(block)) {
            return false;
        }
        byte[] bytes = block.bytes();
        int length = block.length();
        int from = block.from();
        gathered.start().bytes(bytes, from, length);
        stripped = true;
        return true;
    }

    /** Takes off what is around the block in its first frame. */
    private boolean strip(Slice frame) {
        int from = frame.from();
        int to = frame.to();
        if ((flags & PADDED) != 0 && from < to) {
            to -= frame.bytes()[from++] & 0xff;
        }
        if (type == HEADERS && (flags & PRIORITY) != 0) {
            from += PRIORITY_BYTES;
        } else if (type == PUSH_PROMISE) {
            from += PROMISED_BYTES;
        }
        if (from > to) {
            lost();
            return false;
        }
        frame.set(frame.bytes(), from, to);
        return true;
    }
}
