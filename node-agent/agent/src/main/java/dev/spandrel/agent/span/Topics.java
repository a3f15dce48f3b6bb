package dev.spandrel.agent.span;

import dev.spandrel.agent.protocol.MessagingProtocol;
import dev.spandrel.agent.protocol.Slice;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Names of topics by their ids, as brokers told them. Those used longest ago are forgotten. One thread. */
final class Topics implements MessagingProtocol.Topics {
    private static final int KEPT = 8192;

    private final Map<UUID, String> names = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, String> eldest) {
            return size() > KEPT;
        }
    };

    @Override
    public void put(byte[] bytes, int id, Slice name) {
        names.put(id(bytes, id), name.toString());
    }

    /** Empty: unknown. */
    String name(Slice id) {
        return id.length() == 16 ? names.getOrDefault(id(id.bytes(), id.from()), "") : "";
    }

    private static UUID id(byte[] bytes, int at) {
        ByteBuffer id = ByteBuffer.wrap(bytes, at, 16);
        return new UUID(id.getLong(), id.getLong());
    }
}
