package dev.spandrel.agent.protocol;

/** Kafka's texts and lists, in both their forms: the flexible one counts by one more, in as few bytes as it takes, and has tagged fields. */
final class KafkaCursor {
    private final Cursor in = new Cursor();
    private boolean flexible;

    KafkaCursor set(byte[] bytes, int from, int to) {
        in.set(bytes, from, to);
        return this;
    }

    void flexible(boolean is) {
        flexible = is;
    }

    boolean flexible() {
        return flexible;
    }

    byte[] bytes() {
        return in.bytes();
    }

    int at() {
        return in.at();
    }

    int left() {
        return in.left();
    }

    boolean isShort() {
        return in.isShort();
    }

    KafkaCursor skip(long count) {
        in.skip(count);
        return this;
    }

    int u8() {
        return in.u8();
    }

    int i16() {
        return in.i16();
    }

    int i32() {
        return in.i32();
    }

    long uvarint() {
        return in.uvarint();
    }

    void take(Slice into, int length) {
        in.take(into, length);
    }

    /** Elements of a list; -1: there is no list. */
    int count() {
        long count = flexible ? in.uvarint() - 1 : in.i32();
        return count > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) count;
    }

    /** Empty, too, where there is none. */
    void string(Slice into) {
        long length = flexible ? in.uvarint() - 1 : in.i16();
        if (length < 0) {
            into.clear();
        } else {
            in.take(into, length);
        }
    }

    void tags() {
        if (!flexible) {
            return;
        }
        for (long i = in.uvarint(); i > 0 && !in.isShort(); i--) {
            in.uvarint();
            in.skip(in.uvarint());
        }
    }
}
