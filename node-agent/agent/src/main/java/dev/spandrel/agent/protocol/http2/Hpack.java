package dev.spandrel.agent.protocol.http2;

import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;

/**
 * Decodes the header blocks of one direction of a connection (RFC 7541). Begins anywhere: an index into what was inserted before is an unknown field, which
 * keeps its place. A block that cannot be decoded to its end, or was not seen, makes all that is in the table unknown.
 */
public final class Hpack {
    private static final int DYNAMIC = StaticTable.SIZE + 1;
    /** More continuation bytes make no number that fits. */
    private static final int MOST_SHIFT = 28;

    private static final int BAD = -1;
    /** Not a number of entries. */
    public static final int ANY = -1;
    /** More push out everything that was known. */
    private static final int MOST_MISSED = 2048;

    private final DynamicTable table = new DynamicTable();
    private final Field field = new Field();
    private final Text names = new Text();
    private final Text values = new Text();
    private final Slice string = new Slice();
    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private int inserted;

    /** Blocks were not seen that put so many entries into the table; {@link #ANY}: nobody knows how many. */
    public void missed(int entries) {
        if (entries < 0 || entries > MOST_MISSED) {
            table.clear();
            return;
        }
        for (int i = 0; i < entries; i++) {
            table.insert(Entry.UNKNOWN);
        }
        inserted += entries;
    }

    /** Entries that were put into the table so far, modulo 2^32. */
    public int inserted() {
        return inserted;
    }

    /** False: the bytes are no header block; what was handed out before is right all the same. */
    public boolean decode(byte[] block, int from, int to, FieldSink sink) {
        bytes = block;
        at = from;
        end = to;
        while (at < end) {
            if (!next(sink)) {
                table.clear();
                return false;
            }
        }
        return true;
    }

    /** Entries that are known. */
    int known() {
        return table.count();
    }

    private boolean next(FieldSink sink) {
        int first = bytes[at];
        field.clear();
        if (first < 0) {
            int index = number(7);
            if (index <= 0) {
                return false;
            }
            indexed(index);
            sink.field(field);
            return true;
        }
        if ((first & 0xe0) == 0x20) {
            int size = number(5);
            if (size == BAD) {
                return false;
            }
            table.resize(size);
            return true;
        }
        boolean inserts = (first & 0x40) != 0;
        if (!literal(inserts ? 6 : 4)) {
            return false;
        }
        if (inserts) {
            table.insert(Entry.of(field));
            inserted++;
        }
        sink.field(field);
        return true;
    }

    private void indexed(int index) {
        if (index < DYNAMIC) {
            StaticTable.get(index).into(field);
        } else {
            table.get(index - DYNAMIC).ifPresent(entry -> entry.into(field));
        }
    }

    private boolean literal(int prefix) {
        int index = number(prefix);
        if (index == BAD) {
            return false;
        }
        if (index == 0) {
            if (!string(names)) {
                return false;
            }
            field.name(string.bytes(), string.from(), string.to());
        } else if (index < DYNAMIC) {
            StaticTable.get(index).nameInto(field);
        } else {
            table.get(index - DYNAMIC).ifPresent(entry -> entry.nameInto(field));
        }
        if (!string(values)) {
            return false;
        }
        field.value(string.bytes(), string.from(), string.to());
        return true;
    }

    /** The next string into {@code string}, decoded with the text if need be. */
    private boolean string(Text scratch) {
        if (at >= end) {
            return false;
        }
        boolean coded = bytes[at] < 0;
        int length = number(7);
        if (length == BAD || length > end - at) {
            return false;
        }
        int from = at;
        at += length;
        if (!coded) {
            string.set(bytes, from, at);
            return true;
        }
        scratch.start();
        if (!Huffman.decode(bytes, from, at, scratch)) {
            return false;
        }
        scratch.into(string);
        return true;
    }

    /** An integer of which the first byte has so many bits; -1: it is cut or too large. */
    private int number(int prefix) {
        int mask = (1 << prefix) - 1;
        long value = bytes[at++] & mask;
        if (value < mask) {
            return (int) value;
        }
        for (int shift = 0; shift <= MOST_SHIFT && at < end; shift += 7) {
            int next = bytes[at++];
            value += (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value > Integer.MAX_VALUE ? BAD : (int) value;
            }
        }
        return BAD;
    }
}
