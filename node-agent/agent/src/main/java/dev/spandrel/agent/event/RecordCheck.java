package dev.spandrel.agent.event;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** Is this ring record what it says it is? Never throws. */
public enum RecordCheck {
    EXCHANGE,
    CGROUP,
    STATEMENT,
    STREAM,
    OTHER,
    MALFORMED;

    static final int VERSION = 1;

    public static RecordCheck of(MemorySegment data, long offset, int length) {
        if (length < Layout.KTIME + 8 || offset < 0 || offset + length > data.byteSize()) {
            return MALFORMED;
        }
        return switch (u16(data, offset + Layout.TYPE)) {
            case Layout.EVENT_EXCHANGE -> exchange(data, offset, length);
            case Layout.EVENT_CGROUP -> length < Layout.CGROUP_EVENT_SIZE ? MALFORMED : CGROUP;
            case Layout.EVENT_STATEMENT -> statement(data, offset, length);
            case Layout.EVENT_STREAM -> stream(data, offset, length);
            default -> OTHER;
        };
    }

    private static RecordCheck exchange(MemorySegment data, long offset, int length) {
        if (length < Layout.EXCHANGE_SIZE || u16(data, offset + Layout.VERSION) != VERSION) {
            return MALFORMED;
        }
        int size = data.get(JAVA_INT_UNALIGNED, offset + Layout.SIZE);
        int head = u16(data, offset + Layout.HEAD_LEN);
        // Records may be reserved larger than what they hold.
        return Layout.EXCHANGE_SIZE + head <= length && size <= length && size >= Layout.EXCHANGE_SIZE
                ? EXCHANGE
                : MALFORMED;
    }

    private static RecordCheck statement(MemorySegment data, long offset, int length) {
        if (length < Layout.STATEMENT_SIZE) {
            return MALFORMED;
        }
        int text = data.get(JAVA_INT_UNALIGNED, offset + Layout.STATEMENT_LENGTH);
        return text < 0 || text > length - Layout.STATEMENT_SIZE ? MALFORMED : STATEMENT;
    }

    private static RecordCheck stream(MemorySegment data, long offset, int length) {
        if (length < StreamLayout.SIZE || u16(data, offset + Layout.VERSION) != StreamRecord.VERSION) {
            return MALFORMED;
        }
        int left = length - StreamLayout.SIZE;
        for (int news = data.get(JAVA_INT_UNALIGNED, offset + StreamLayout.COUNT); news != 0; news--) {
            if (left < StreamLayout.NEWS_SIZE) {
                return MALFORMED;
            }
            int size = StreamRecord.sizeOf(u16(data, offset + length - left + StreamLayout.LENGTH));
            if (size > left) {
                return MALFORMED;
            }
            left -= size;
        }
        return STREAM;
    }

    private static int u16(MemorySegment data, long at) {
        return data.get(JAVA_SHORT_UNALIGNED, at) & 0xffff;
    }
}
