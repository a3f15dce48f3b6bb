package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NatsTest {
    private final Nats reader = new Nats();

    @ParameterizedTest
    @CsvSource({
        "PUB orders 6~s3cr3t, orders, 6, false",
        "PUB orders  6~s3cr3t, orders, 6, false",
        "PUB orders _INBOX.x.1 6~s3cr3t, orders, 6, false",
        "MSG orders 1 0~~, orders, 0, false",
        "MSG _INBOX.x.1 1 6~, _INBOX, 6, true",
        "PUB $JS.ACK.S.c.1.2.3.4.5 0~, $JS.ACK, 0, true",
        "HMSG orders 1 reply 12 18~NATS/1.0~~s3cr3t, orders, 6, false",
    })
    void saysSubjectAndSize(String lines, String subject, long size, boolean temporary) {
        MessagingRequest request = (MessagingRequest) read(lines);
        assertThat(request.destination().toString()).isEqualTo(subject);
        assertThat(request.size()).isEqualTo(size);
        assertThat(request.isTemporary()).isEqualTo(temporary);
    }

    @Test
    void headersMayBeCutAnywhere() {
        String whole = "HPUB a 84 84~NATS/1.0~TraceParent: 00-0000000000000000000000000000abc0-000000000000def0-01~~";
        for (int length = 0; length < whole.length(); length++) {
            Answer answer = read(whole.substring(0, length));
            boolean linked = answer instanceof MessagingRequest request
                    && request.links().count() > 0;
            assertThat(linked).as(length + " letters").isEqualTo(length >= whole.length() - 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"PUB orders x~", "HPUB orders 6~", "HPUB orders 9 6~", "GET / HTTP/1.1~", "PUB orders~"})
    void whatIsNoMessageIsNone(String lines) {
        assertThat(read(lines)).isEqualTo(Answer.INVALID);
    }

    @Test
    void anyBytesAreReadWithoutHarm() {
        Random random = new Random(7);
        byte[] letters = bytes("HPUBMSG 19~: trace_INBOX.x");
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = letters[random.nextInt(letters.length)];
            }
            reader.read(bytes, 0, bytes.length, 0);
        }
    }

    private Answer read(String lines) {
        byte[] bytes = bytes(lines);
        return reader.read(bytes, 0, bytes.length, 0);
    }

    private static byte[] bytes(String lines) {
        return lines.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
