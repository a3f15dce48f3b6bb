package dev.spandrel.agent.span;

import dev.spandrel.agent.protocol.Slice;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What connections said once and speak of later. Those used longest ago are forgotten. One thread. */
final class Statements {
    private static final int KEPT = 8192;

    private record Name(long connection, String name) {}

    private final Map<Name, byte[]> texts = new Recent<>();
    private final Map<Long, byte[]> namespaces = new Recent<>();

    void put(long connection, Slice name, Slice text) {
        texts.put(new Name(connection, latin(name)), copy(text));
    }

    /** Empty: unknown. */
    Slice get(long connection, Slice name, Slice into) {
        return set(texts.get(new Name(connection, latin(name))), into);
    }

    void putNamespace(long connection, Slice namespace) {
        namespaces.put(connection, copy(namespace));
    }

    /** Empty: unknown. */
    Slice namespace(long connection, Slice into) {
        return set(namespaces.get(connection), into);
    }

    private static Slice set(byte @Nullable [] found, Slice into) {
        return found == null ? into.clear() : into.set(found, 0, found.length);
    }

    private static String latin(Slice name) {
        return new String(name.bytes(), name.from(), name.length(), StandardCharsets.ISO_8859_1);
    }

    private static byte[] copy(Slice slice) {
        return Arrays.copyOfRange(slice.bytes(), slice.from(), slice.to());
    }

    private static final class Recent<K, V> extends LinkedHashMap<K, V> {
        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > KEPT;
        }
    }
}
