package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemcachedTest {
    private final Memcached reader = new Memcached();

    @ParameterizedTest
    @CsvSource({"'get user:1', get", "'mn\r\n', mn", "'flush_all\r', flush_all", "'verbosity ', verbosity"})
    void isItsFirstWord(String line, String operation) {
        assertThat(read(line)).isInstanceOf(DatabaseRequest.class);
        assertThat(((DatabaseRequest) read(line)).operation().toString()).isEqualTo(operation);
        assertThat(((DatabaseRequest) read(line)).statement().isEmpty()).isTrue();
    }

    @Test
    void whatIsNoCommandIsNone() {
        assertThat(read("s3cr3t ")).isEqualTo(Answer.INVALID);
        assertThat(read(" get a")).isEqualTo(Answer.INVALID);
        assertThat(read("ge")).isEqualTo(Answer.NEED_MORE);
        assertThat(read("")).isEqualTo(Answer.NEED_MORE);
    }

    @Test
    void numbersOfTheKernelHaveNames() {
        assertThat(reader.operation(1)).isEqualTo("get");
        assertThat(reader.operation(10)).isEqualTo("cas");
        assertThat(reader.operation(19)).isEqualTo("mg");
        assertThat(reader.operation(24)).isEqualTo("mn");
        assertThat(reader.operation(0)).isEmpty();
        assertThat(reader.operation(200)).isEmpty();
        assertThat(reader.error(3)).isEqualTo("SERVER_ERROR");
        assertThat(reader.error(9)).isEqualTo("_OTHER");
    }

    private Answer read(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return reader.read(bytes, 0, bytes.length);
    }
}
