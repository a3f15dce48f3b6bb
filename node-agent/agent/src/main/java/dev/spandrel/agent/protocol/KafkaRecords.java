package dev.spandrel.agent.protocol;

/** Batches of records, format 2: how many there are, and the trace context in the headers of those that are not compressed. */
final class KafkaRecords {
    private static final int MAGIC = 2;
    private static final int COMPRESSION = 7;
    private static final int BEFORE_MAGIC = 8 + 4 + 4;
    private static final int LENGTH_AT = 8;
    private static final int AFTER_LENGTH = 12;
    private static final String HEADER = "traceparent";

    private final Cursor in = new Cursor();
    private final Cursor record = new Cursor();
    private final Slice key = new Slice();
    private final Slice value = new Slice();

    /** Of {@code length} bytes those up to {@code to} are here. */
    void read(byte[] bytes, int from, int to, long length, MessagingRequest into) {
        in.set(bytes, from, to);
        long left = length;
        while (left > AFTER_LENGTH && in.left() > BEFORE_MAGIC) {
            int start = in.at();
            in.skip(LENGTH_AT);
            long batch = in.i32();
            int after = in.at();
            in.skip(4);
            if (in.u8() != MAGIC || batch <= 0) {
                return;
            }
            in.skip(4);
            int attributes = in.i16();
            in.skip(4 + 8 + 8 + 8 + 2 + 4);
            int records = in.i32();
            if (in.isShort() || records < 0) {
                return;
            }
            into.messages(records);
            if ((attributes & COMPRESSION) == 0) {
                int end = (int) Math.min(to, after + batch);
                record.set(bytes, in.at(), end);
                for (int i = 0; i < records && record.left() > 0 && !record.isShort(); i++) {
                    one(into);
                }
            }
            left -= AFTER_LENGTH + batch;
            in.skip(after + batch - in.at());
            if (in.at() <= start) {
                return;
            }
        }
        if (left > 0 && length > to - from) {
            into.messagesUnknown();
        }
    }

    private void one(MessagingRequest into) {
        long length = record.varint();
        int start = record.at();
        record.skip(1);
        record.varint();
        record.varint();
        record.skip(Math.max(0, record.varint()));
        record.skip(Math.max(0, record.varint()));
        for (long i = record.varint(); i > 0 && !record.isShort(); i--) {
            record.take(key, record.varint());
            record.take(value, Math.max(0, record.varint()));
            if (!record.isShort() && key.equalsLower(HEADER)) {
                into.link(value);
            }
        }
        record.skip(start + length - record.at());
    }
}
