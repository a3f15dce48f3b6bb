package dev.spandrel.agent.protocol.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Netty's encoder, and the examples of RFC 7541, appendix C. */
class HpackTest {
    /** A field as text; what is unknown is a question mark. */
    private static List<String> decode(Hpack hpack, byte[] block) {
        List<String> fields = new ArrayList<>();
        boolean good = hpack.decode(
                block,
                0,
                block.length,
                field -> fields.add((field.isNameKnown() ? field.name().toString() : "?")
                        + ": "
                        + (field.isValueKnown() ? field.value().toString() : "?")));
        return good ? fields : List.of("invalid");
    }

    private static List<String> decode(Hpack hpack, String hex) {
        return decode(hpack, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void readsTheExamplesOfTheSpecification() {
        Hpack hpack = new Hpack();
        assertThat(decode(hpack, "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))
                .containsExactly(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
        assertThat(decode(hpack, "8286 84be 5886 a8eb 1064 9cbf"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: http",
                        ":path: /",
                        ":authority: www.example.com",
                        "cache-control: no-cache");
        assertThat(decode(hpack, "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: https",
                        ":path: /index.html",
                        ":authority: www.example.com",
                        "custom-key: custom-value");
        assertThat(hpack.known()).isEqualTo(3);
    }

    @Test
    void whatWasInsertedBeforeIsUnknownAndKeepsItsPlace() {
        Hpack hpack = new Hpack();
        assertThat(decode(hpack, "82 be bf")).containsExactly(":method: GET", "?: ?", "?: ?");
        assertThat(decode(hpack, "40 01 61 01 62 be bf 7f 00 01 63 be c0"))
                .containsExactly("a: b", "a: b", "?: ?", "?: c", "?: c", "?: ?");
    }

    @Test
    void missedBlocksShiftWhatIsKnown() {
        Hpack hpack = new Hpack();
        decode(hpack, "40 01 61 01 62");
        hpack.missed(2);
        assertThat(decode(hpack, "be bf c0")).containsExactly("?: ?", "?: ?", "a: b");
        hpack.missed(Hpack.ANY);
        assertThat(decode(hpack, "c0")).containsExactly("?: ?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // index 0
                "ff ff ff ff ff ff 0f", // an index that no integer holds
                "40 05 61", // a name that is cut
                "40 01 61 85 ff ff ff ff ff", // padding that is too long
                "00", // without a name
                "3f ff ff ff ff ff 7f" // a size that no integer holds
            })
    void whatIsNoBlockIsRefused(String hex) {
        Hpack hpack = new Hpack();
        decode(hpack, "40 01 61 01 62");
        assertThat(decode(hpack, hex)).containsExactly("invalid");
        assertThat(hpack.known()).isZero();
    }

    /** Thousands of blocks: from the first on, from the middle, and with blocks missing, known to be how many entries or not. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void neverAWrongValue(long seed) throws Http2Exception {
        Random random = new Random(seed);
        DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder(
                Http2HeadersEncoder.NEVER_SENSITIVE, false, 16, random.nextBoolean() ? 0 : 512);
        Hpack whole = new Hpack();
        Hpack midway = new Hpack();
        Hpack counted = new Hpack();
        int missed = 0;
        long knownMidway = 0;
        long knownCounted = 0;
        for (int i = 0; i < 2000; i++) {
            if (i % 500 == 250) {
                encoder.configuration().maxHeaderTableSize(random.nextInt(8192));
            }
            List<String> sent = new ArrayList<>();
            byte[] block = encode(encoder, random, sent);
            int before = whole.inserted();
            assertThat(decode(whole, block)).isEqualTo(sent);
            if (i > 100 && random.nextInt(10) > 0) {
                List<String> seen = decode(midway, block);
                assertNoneIsWrong(sent, seen);
                knownMidway += known(seen);
                counted.missed(missed);
                missed = 0;
                seen = decode(counted, block);
                assertNoneIsWrong(sent, seen);
                knownCounted += known(seen);
            } else {
                midway.missed(Hpack.ANY);
                missed += whole.inserted() - before;
            }
        }
        assertThat(knownCounted)
                .as("known, where the number of missed entries is")
                .isGreaterThan(knownMidway);
    }

    private static long known(List<String> fields) {
        return fields.stream().filter(field -> !field.contains("?")).count();
    }

    private static void assertNoneIsWrong(List<String> sent, List<String> seen) {
        assertThat(seen).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            String[] was = sent.get(i).split(": ", 2);
            String[] is = seen.get(i).split(": ", 2);
            assertThat(is[0]).isIn("?", was[0]);
            assertThat(is[1]).isIn("?", was[1]);
        }
    }

    private static byte[] encode(DefaultHttp2HeadersEncoder encoder, Random random, List<String> sent)
            throws Http2Exception {
        DefaultHttp2Headers headers = new DefaultHttp2Headers(false);
        for (int i = random.nextInt(12); i >= 0; i--) {
            String name = random.nextInt(4) == 0 ? "user-agent" : "x-" + random.nextInt(30);
            String value = "v" + "z".repeat(random.nextInt(40)) + random.nextInt(20);
            headers.add(name, value);
        }
        headers.forEach(header -> sent.add(header.getKey() + ": " + header.getValue()));
        ByteBuf out = Unpooled.buffer();
        encoder.encodeHeaders(3, headers, out);
        byte[] block = new byte[out.readableBytes()];
        out.readBytes(block);
        return block;
    }

    @Test
    void noiseNeverThrows() {
        Random random = new Random(7);
        Hpack hpack = new Hpack();
        for (int i = 0; i < 200_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            hpack.decode(noise, 0, noise.length, FieldSink.NONE);
        }
        assertThat(decode(hpack, "82")).containsExactly(":method: GET");
    }
}
