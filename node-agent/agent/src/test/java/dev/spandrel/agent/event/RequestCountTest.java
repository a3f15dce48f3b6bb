package dev.spandrel.agent.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class RequestCountTest {
    @Test
    void sumsOverCpus() {
        ByteBuffer keys = ByteBuffer.allocate(80).order(ByteOrder.LITTLE_ENDIAN);
        keys.putLong(40, 77).putShort(64, (short) 50_000).putInt(68, 503);
        keys.put(66, (byte) 2).put(67, (byte) 2).put(72, (byte) 3).put(73, (byte) (3 << 4 | 1));
        ByteBuffer values = ByteBuffer.allocate(4 * 152).order(ByteOrder.LITTLE_ENDIAN);
        for (int cpu = 0; cpu < 2; cpu++) {
            int at = (2 + cpu) * 152;
            values.putLong(at, 10 + cpu)
                    .putLong(at + 8, 1000)
                    .putLong(at + 16, 1)
                    .putLong(at + 24 + 15 * 8, 4);
        }
        RequestCount entry =
                RequestCount.read(MemorySegment.ofArray(keys.array()), MemorySegment.ofArray(values.array()), 1, 2);
        assertThat(entry.cgroup()).isEqualTo(77);
        assertThat(entry.serverPort()).isEqualTo(50_000);
        assertThat(entry.status()).isEqualTo(503);
        assertThat(entry.protocol()).isEqualTo(2);
        assertThat(entry.role()).isEqualTo(Role.CLIENT);
        assertThat(entry.method()).isEqualTo(Method.POST);
        assertThat(entry.end()).isEqualTo(End.ABORTED);
        assertThat(entry.minorVersion()).isEqualTo(1);
        assertThat(entry.count()).isEqualTo(21);
        assertThat(entry.durationNanos()).isEqualTo(2000);
        assertThat(entry.buckets()[15]).isEqualTo(8);
        assertThat(entry.keyBytes()[33]).isEqualTo(keys.get(73));
    }
}
