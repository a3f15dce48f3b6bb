package dev.spandrel.agent.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestHeadTest {
    private final RequestHead head = new RequestHead();
    private final Slice value = new Slice();

    private RequestHead parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return head.wrap(bytes, 0, bytes.length);
    }

    private String header(String name) {
        return head.header(name, value) ? value.toString() : "(none)";
    }

    @Test
    void originForm() {
        parse("GET /a/b?x=1&y=2#top HTTP/1.1\r\nHost: example.org:8080\r\nUSER-AGENT:\tcurl/8 \r\n\r\nbody: no");
        assertThat(head.method()).hasToString("GET");
        assertThat(head.path()).hasToString("/a/b");
        assertThat(head.query()).hasToString("x=1&y=2");
        assertThat(head.authority().isEmpty()).isTrue();
        assertThat(header("host")).isEqualTo("example.org:8080");
        assertThat(header("user-agent")).isEqualTo("curl/8");
        assertThat(header("body")).isEqualTo("(none)");
        assertThat(head.isTargetWhole()).isTrue();
    }

    @Test
    void absoluteFormDropsCredentials() {
        parse("GET http://user:secret@example.org/p?q HTTP/1.1\r\n\r\n");
        assertThat(head.authority()).hasToString("example.org");
        assertThat(head.path()).hasToString("/p");
        assertThat(head.query()).hasToString("q");
    }

    @Test
    void authorityAndAsteriskForms() {
        parse("CONNECT example.org:443 HTTP/1.1\r\n\r\n");
        assertThat(head.authority()).hasToString("example.org:443");
        assertThat(head.path().isEmpty()).isTrue();
        parse("OPTIONS * HTTP/1.1\r\n\r\n");
        assertThat(head.authority().isEmpty()).isTrue();
        assertThat(head.path().isEmpty()).isTrue();
    }

    @Test
    void cutAnywhere() {
        parse("GET /a/very/long/pa");
        assertThat(head.path()).hasToString("/a/very/long/pa");
        assertThat(head.isTargetWhole()).isFalse();
        parse("GET /a HTTP/1.1\r\nHost: a\r\nCookie: half");
        assertThat(head.isTargetWhole()).isTrue();
        assertThat(header("host")).isEqualTo("a");
        assertThat(header("cookie")).isEqualTo("(none)");
        parse("PO");
        assertThat(head.method()).hasToString("PO");
        parse("");
        assertThat(head.method().isEmpty()).isTrue();
    }

    @Test
    void authorities() {
        Authority authority = new Authority();
        parse("GET / HTTP/1.1\r\nHost: [2001:db8::1]:81\r\n\r\n").header("host", value);
        assertThat(authority.parse(value).host()).hasToString("2001:db8::1");
        assertThat(authority.port()).isEqualTo(81);
        parse("GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n").header("host", value);
        assertThat(authority.parse(value).port()).isZero();
        assertThat(authority.host()).hasToString("a");
    }

    @Test
    void queriesLoseTheirValuesOnly() {
        parse("GET /?token=s3cr3t&flag&a=b=c HTTP/1.1\r\n\r\n");
        assertThat(Redaction.query(head.query(), new Text()).into(value)).hasToString("token=REDACTED&flag&a=REDACTED");
    }

    @Test
    void anyBytesNeverThrow() {
        Random random = new Random(7);
        String alphabet = "GET /:@?#[]*htp\r\n \t=&;,\u00e9\0";
        Authority authority = new Authority();
        Text text = new Text();
        for (int i = 0; i < 50_000; i++) {
            StringBuilder line = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                line.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            parse(line.toString());
            head.header("h", value);
            authority.parse(value);
            authority.parse(head.authority());
            Redaction.query(head.query(), text.start()).text(head.path()).into(value);
            assertThat(value.length()).isNotNegative();
        }
    }
}
