package dev.spandrel.ebpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Names of the raw tracepoints with typed arguments: for each, the kernel's BTF has a type {@code btf_trace_<name>}. The BTF is several
 * megabytes, so its strings are streamed, not kept.
 */
final class KernelTracepoints {
    private static final byte[] PREFIX = "btf_trace_".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 24;
    private static final int CHUNK = 1 << 16;

    private KernelTracepoints() {}

    /** Empty where the kernel has no BTF. */
    static Optional<Set<String>> read(Path btf) {
        try (var stream = Files.newInputStream(btf)) {
            var header = ByteBuffer.wrap(stream.readNBytes(HEADER)).order(ByteOrder.nativeOrder());
            if (header.remaining() < HEADER) return Optional.empty();
            stream.skipNBytes(header.getInt(4) - HEADER + Integer.toUnsignedLong(header.getInt(16)));
            return Optional.of(names(stream));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Set<String> names(InputStream strings) throws IOException {
        var names = new HashSet<String>();
        var chunk = new byte[CHUNK];
        int held = 0;
        for (int read = strings.read(chunk); read >= 0; read = strings.read(chunk, held, CHUNK - held)) {
            int end = held + read;
            int start = 0;
            for (int at = held; at < end; at++) {
                if (chunk[at] != 0) continue;
                if (startsWith(chunk, start, at))
                    names.add(new String(
                            chunk, start + PREFIX.length, at - start - PREFIX.length, StandardCharsets.US_ASCII));
                start = at + 1;
            }
            held = end - start;
            // A string is shorter than a chunk; one that is not cannot be a name.
            if (held == CHUNK) held = 0;
            System.arraycopy(chunk, start, chunk, 0, held);
        }
        return names;
    }

    private static boolean startsWith(byte[] chunk, int start, int end) {
        if (end - start <= PREFIX.length) return false;
        for (int i = 0; i < PREFIX.length; i++) if (chunk[start + i] != PREFIX[i]) return false;
        return true;
    }
}
