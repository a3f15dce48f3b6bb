package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.hostile.HalfOpen;
import dev.spandrel.operator.hostile.RawCall;
import dev.spandrel.operator.hostile.RawTls;
import dev.spandrel.operator.push.FakeAgent;
import io.grpc.ChannelCredentials;
import io.grpc.Status;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each of these is ended, and in each test an agent that is right stays connected and another one can connect. */
final class HostileIT {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PROTOCOL_VERSION = 70;
    private static final int STRANGERS = 2_048;

    private GuardedOperator operator;
    private String node;
    private FakeAgent right;

    @BeforeAll
    static void cluster() {
        RunningOperator.prepareCluster();
    }

    @BeforeEach
    void start() throws IOException {
        operator = new GuardedOperator();
        node = operator.node("a");
        right = connected(node);
    }

    @AfterEach
    void stop() {
        try (GuardedOperator ending = operator;
                FakeAgent leaving = right;
                FakeAgent another = connected(ending.node("b"))) {
            assertThat(leaving.isRunning())
                    .as("the right agent was not disturbed")
                    .isTrue();
            assertThat(another.isRunning()).isTrue();
        }
    }

    private FakeAgent connected(String name) {
        FakeAgent agent = operator.agent(name, operator.token(name));
        RunningOperator.awaitThat(() -> operator.isConnected(name), connected -> connected);
        return agent;
    }

    private ChannelCredentials credentials() {
        return GuardedOperator.credentials(GuardedOperator.bundle(), operator.token(node));
    }

    @Test
    void tenThousandHalfOpenConnections() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HalfOpen.class.getName(),
                        "" + operator.port(),
                        "10000")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader();
                FakeAgent _ = meanwhile(output)) {
            assertThat(output.readLine()).isEqualTo("closed");
            RunningOperator.awaitThat(operator::connections, left -> left <= 2);
        } finally {
            process.destroyForcibly();
        }
    }

    /** An agent that connects while they are open. */
    private FakeAgent meanwhile(BufferedReader output) throws IOException {
        assertThat(output.readLine()).isEqualTo("open");
        FakeAgent agent = connected(operator.node("meanwhile"));
        assertThat(operator.connections()).isLessThanOrEqualTo(STRANGERS + 2);
        assertThat(GuardedOperator.refused("full") + GuardedOperator.refused("gave_way"))
                .as("others end by themselves: what they say is no TLS, or is not said in time")
                .isPositive();
        return agent;
    }

    @Test
    void bytesThatAreNoHttp2() throws IOException, GeneralSecurityException {
        byte[] noise = new byte[64 * 1024];
        new Random(1).nextBytes(noise);
        ended(noise);
    }

    @Test
    void framesThatAreNone() throws IOException, GeneralSecurityException {
        ended(PREFACE, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 4, 0, 0, 0, 0, 0}); // SETTINGS of 16 MiB
        ended(PREFACE, new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 1}); // SETTINGS on a stream
        ended(PREFACE, new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}, new byte[] {0, 0, 1, 9, 4, 0, 0, 0, 1, 0
        }); // CONTINUATION of nothing
    }

    @Test
    void aClientThatStopsAfterThePreface() throws IOException, GeneralSecurityException {
        ended(PREFACE);
        ended(PREFACE, new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
    }

    private void ended(byte[]... pieces) throws IOException, GeneralSecurityException {
        try (RawTls connection = new RawTls(operator.port())) {
            for (byte[] piece : pieces) {
                connection.send(piece);
            }
            assertThat(connection.isEnded()).isTrue();
        }
    }

    @Test
    void tls11() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", operator.port())) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            int body = 2 + 32 + 1 + 2 + 4 + 2;
            out.write(new byte[] {0x16, 3, 2, 0, (byte) (body + 4), 1, 0, 0, (byte) body, 3, 2}); // ClientHello
            out.write(new byte[32 + 1]); // random, no session
            out.write(new byte[] {0, 4, (byte) 0xc0, 0x0a, 0, 0x35, 1, 0}); // AES by ECDHE and RSA, no compression
            out.flush();
            byte[] alert = socket.getInputStream().readNBytes(7);
            assertThat(alert[0]).as("an alert").isEqualTo((byte) 21);
            assertThat(alert[6]).isEqualTo((byte) PROTOCOL_VERSION);
        }
    }

    @Test
    void aMessageThatIsNoReport() {
        byte[] noise = new byte[1000];
        new Random(2).nextBytes(noise);
        noise[0] = 7; // a wire type that does not exist
        try (RawCall call = new RawCall(operator.port(), credentials())) {
            assertThat(call.send(noise).ended().getCode()).isNotEqualTo(Status.Code.OK);
        }
    }

    @Test
    void aMessageThatIsTooLarge() {
        try (RawCall call = new RawCall(operator.port(), credentials())) {
            assertThat(call.send(new byte[2 << 20]).ended().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        }
    }

    @Test
    void aTokenThatIsTooLarge() {
        try (FakeAgent agent = operator.agent(node, "x".repeat(64 * 1024))) {
            assertThat(agent.ended().getCode()).isNotEqualTo(Status.Code.OK);
        }
    }

    @Test
    void aStreamWithoutAHello() {
        try (RawCall call = new RawCall(operator.port(), credentials())) {
            assertThat(call.ended().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
    }
}
