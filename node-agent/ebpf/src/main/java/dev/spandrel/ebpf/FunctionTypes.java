package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The types of a program's functions, without which the kernel calls none back: BTF with {@code long (void *)} for programs and
 * {@code long (void *, void *, void *, void *)} for functions that are called for each entry of a map.
 */
final class FunctionTypes {
    private static final int BTF_LOAD = 18;
    private static final int HEADER_BYTES = 24;
    private static final int INT = 1 << 24;
    private static final int POINTER = 2 << 24;
    private static final int FUNC = 12 << 24;
    private static final int FUNC_PROTO = 13 << 24;
    private static final String STRINGS = "\0long\0program\0each\0given\0";
    private static final int PROGRAM = 4;
    private static final int CALLBACK = 6;

    private FunctionTypes() {}

    /** A descriptor; closed by whoever asked. */
    static int load() {
        var content = content();
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(40, 8);
            attributes.set(JAVA_LONG, 0, arena.allocateFrom(JAVA_BYTE, content).address());
            attributes.set(JAVA_INT, 16, content.length);
            int fd = Kernel.bpf(BTF_LOAD, attributes);
            if (fd < 0) throw new BpfException("BPF_BTF_LOAD", -fd);
            return fd;
        }
    }

    /** Pairs of an instruction's number and a type: struct bpf_func_info. */
    static int[] information(int[] functions) {
        var pairs = new int[2 + 2 * functions.length];
        pairs[1] = PROGRAM;
        for (int i = 0; i < functions.length; i++) {
            pairs[2 + 2 * i] = functions[i];
            pairs[3 + 2 * i] = CALLBACK;
        }
        return pairs;
    }

    private static byte[] content() {
        var types = new ByteArrayOutputStream();
        write(types, name("long"), INT, 8, 1 << 24 | 64);
        write(types, 0, POINTER, 0);
        int given = name("given");
        write(types, 0, FUNC_PROTO | 1, 1, given, 2);
        write(types, name("program"), FUNC, 3);
        write(types, 0, FUNC_PROTO | 4, 1, given, 2, given, 2, given, 2, given, 2);
        write(types, name("each"), FUNC, 5);
        var strings = STRINGS.getBytes(StandardCharsets.US_ASCII);
        var all = ByteBuffer.allocate(HEADER_BYTES + types.size() + strings.length)
                .order(ByteOrder.nativeOrder());
        all.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(HEADER_BYTES);
        all.putInt(0).putInt(types.size()).putInt(types.size()).putInt(strings.length);
        return all.put(types.toByteArray()).put(strings).array();
    }

    private static int name(String name) {
        return STRINGS.indexOf("\0" + name + "\0") + 1;
    }

    private static void write(ByteArrayOutputStream types, int... words) {
        var bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.nativeOrder());
        for (int word : words) bytes.putInt(word);
        types.writeBytes(bytes.array());
    }
}
