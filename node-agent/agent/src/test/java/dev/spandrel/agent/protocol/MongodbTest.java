package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MongodbTest {
    private final Mongodb reader = new Mongodb();

    @Test
    void aCommandItsCollectionAndItsDatabase() {
        DatabaseRequest request = said(message(section(document(string("find", "users"), string("$db", "shop")))));
        assertThat(request.operation()).hasToString("find");
        assertThat(request.collection()).hasToString("users");
        assertThat(request.namespace()).hasToString("shop");
    }

    @Test
    void documentsMayComeBeforeTheCommand() {
        byte[] sequence =
                join(new byte[] {1}, little(4 + 2 + 5), "d\0".getBytes(StandardCharsets.US_ASCII), document());
        DatabaseRequest request =
                said(message(join(sequence, section(document(string("insert", "users"), string("$db", "shop"))))));
        assertThat(request.operation()).hasToString("insert");
        assertThat(request.collection()).hasToString("users");
    }

    @Test
    void moreOfACursorNamesItsCollectionApart() {
        byte[] cursor = join(new byte[] {18}, "getMore\0".getBytes(StandardCharsets.US_ASCII), new byte[8]);
        DatabaseRequest request =
                said(message(section(document(cursor, string("collection", "users"), string("$db", "shop")))));
        assertThat(request.operation()).hasToString("getMore");
        assertThat(request.collection()).hasToString("users");
    }

    @Test
    void whatACommandNamesThatIsNoCollectionIsLeftOut() {
        DatabaseRequest request =
                said(message(section(document(string("createUser", "s3cr3t"), string("collection", "s3cr3t")))));
        assertThat(request.operation()).hasToString("createUser");
        assertThat(request.collection().isEmpty()).isTrue();
    }

    @Test
    void whatIsCompressedSaysNothing() {
        byte[] bytes = message(new byte[9]);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(12, 2012);
        assertThat(said(bytes).operation().isEmpty()).isTrue();
    }

    @Test
    void anOldHello() {
        byte[] query = join(
                little(0),
                "admin.$cmd\0".getBytes(StandardCharsets.US_ASCII),
                little(0),
                little(-1),
                document(string("isMaster", "1")));
        byte[] bytes = join(little(16 + query.length), little(1), little(0), little(2004), query);
        assertThat(said(bytes).operation()).hasToString("isMaster");
        assertThat(said(bytes).namespace()).hasToString("admin");
    }

    @Test
    void cutAnywhereItSaysWhatIsThere() {
        byte[] whole = message(section(document(string("find", "users"), string("$db", "shop"))));
        for (int length = 0; length < whole.length; length++) {
            if (reader.read(whole, 0, length) instanceof DatabaseRequest request) {
                assertThat("find").startsWith(request.operation().toString());
                assertThat("users").startsWith(request.collection().toString());
                assertThat(request.collection().toString()).isIn("", "users");
                assertThat(request.namespace().toString()).isIn("", "shop");
            } else {
                assertThat(length).isLessThan(16);
            }
        }
    }

    @Test
    void anyBytesNeverThrow() {
        Random random = new Random(6);
        byte[] whole = message(section(document(string("find", "users"), string("$db", "shop"))));
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = whole.clone();
            for (int j = random.nextInt(6); j >= 0; j--) {
                bytes[random.nextInt(12, bytes.length)] = (byte) random.nextInt();
            }
            assertThat(reader.read(bytes, 0, random.nextInt(bytes.length + 1))).isNotNull();
        }
    }

    private DatabaseRequest said(byte[] bytes) {
        Answer answer = reader.read(bytes, 0, bytes.length);
        assertThat(answer).isInstanceOf(DatabaseRequest.class);
        return (DatabaseRequest) answer;
    }

    private static byte[] message(byte[] sections) {
        return join(little(20 + sections.length), little(7), little(0), little(2013), little(0), sections);
    }

    private static byte[] section(byte[] document) {
        return join(new byte[] {0}, document);
    }

    private static byte[] document(byte[]... elements) {
        byte[] all = join(elements);
        return join(little(5 + all.length), all, new byte[] {0});
    }

    private static byte[] string(String name, String value) {
        return join(
                new byte[] {2},
                (name + "\0").getBytes(StandardCharsets.UTF_8),
                little(value.length() + 1),
                (value + "\0").getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] little(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) joined.writeBytes(part);
        return joined.toByteArray();
    }
}
