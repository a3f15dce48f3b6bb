package dev.spandrel.agent.span;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressTextsTest {
    @Test
    void whatItRemembersIsWhatItWouldFind() {
        AddressTexts texts = new AddressTexts();
        Random random = new Random(1);
        byte[] bytes = new byte[17];
        for (int i = 0; i < 5000; i++) {
            bytes[1] = (byte) random.nextInt(4);
            bytes[8] = (byte) random.nextInt(4);
            bytes[9] = (byte) random.nextInt(4);
            bytes[16] = (byte) random.nextInt(32);
            assertThat(texts.of(bytes, 1)).isEqualTo(Addresses.text(bytes, 1));
        }
        assertThat(texts.of(bytes, 1)).isSameAs(texts.of(bytes, 1));
    }
}
