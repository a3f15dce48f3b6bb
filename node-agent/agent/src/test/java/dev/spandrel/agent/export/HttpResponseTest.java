package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpResponseTest {
    private static HttpResponse read(String text) throws IOException {
        return HttpResponse.read(new ByteArrayInputStream(
                text.replace("\n", "\r\n").replace("\r\r", "\r").getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String body(HttpResponse response) {
        return new String(response.responseBody(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aBodyOfKnownLength() throws IOException {
        HttpResponse response = read("HTTP/1.1 200 OK\nContent-Length: 3\n\nabcdef");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.statusMessage()).isEqualTo("OK");
        assertThat(body(response)).isEqualTo("abc");
        assertThat(response.keepAlive()).isTrue();
    }

    @Test
    void chunksWithExtensionsAndTrailers() throws IOException {
        HttpResponse response =
                read("HTTP/1.1 200 \ntransfer-encoding: chunked\n\n3;x=1\nabc\nA\n0123456789\n0\nt: 1\n\n");
        assertThat(body(response)).isEqualTo("abc0123456789");
        assertThat(response.keepAlive()).isTrue();
    }

    @Test
    void noBodyAtAll() throws IOException {
        assertThat(read("HTTP/1.1 204 No Content\n\nHTTP").keepAlive()).isTrue();
    }

    @Test
    void theRealAnswerComesAfterInterimOnes() throws IOException {
        HttpResponse response =
                read("HTTP/1.1 100 Continue\n\nHTTP/1.1 503 Busy\nContent-Length: 0\nConnection: Close\n\n");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.keepAlive()).isFalse();
    }

    @Test
    void aBodyThatOnlyTheCloseEnds() throws IOException {
        HttpResponse response = read("HTTP/1.0 400 Bad\n\nwhy");
        assertThat(body(response)).isEqualTo("why");
        assertThat(response.keepAlive()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\n",
                "HTTP/1.1\n\n",
                "HTTP/1.1 20x OK\n\n",
                "HTTP/1.1 200 OK\nContent-Length: -1\n\n",
                "HTTP/1.1 200 OK\nContent-Length: many\n\n",
                "HTTP/1.1 200 OK\nContent-Length: 4294967296\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nxyz\n"
            })
    void whatIsNotHttp(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK",
                "HTTP/1.1 200 OK\nContent-Length: 3\n\nab",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nab"
            })
    void whatEndsTooEarly(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(EOFException.class);
    }

    @Test
    void endlessHeads() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\nx: " + "y".repeat(20_000)))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\n" + "x: y\n".repeat(300)))
                .isInstanceOf(ProtocolException.class);
    }
}
