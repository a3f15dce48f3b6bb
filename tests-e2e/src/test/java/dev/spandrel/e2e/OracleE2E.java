package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** {@code ./dev oracle}, short: what Wireshark's dissectors make of cut traffic of every protocol, on both backends, is what spans say of both ends of each hop. */
final class OracleE2E {
    private static final String EXCHANGES = "60";

    @Test
    void spansSayWhatWiresharkSays() throws Exception {
        ProcessBuilder oracle = new ProcessBuilder("python3", "-m", "oracle", "--exchanges", EXCHANGES);
        oracle.environment()
                .put("PYTHONPATH", Checkout.ROOT.resolve("tests-e2e").toString());
        oracle.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process run = oracle.redirectErrorStream(true).start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(said).isZero();
        assertThat(said)
                .contains("http ", "http2 ", "grpc ", "postgresql ", "mysql ", "redis ", "kafka ", "mongodb ", "dns ")
                .contains("memcached ", "mqtt ", "amqp ", "nats ", "cassandra ")
                .contains("graphql ", "jsonrpc ", "elasticsearch ");
    }
}
