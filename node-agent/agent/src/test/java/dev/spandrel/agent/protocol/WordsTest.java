package dev.spandrel.agent.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WordsTest {
    private static final String[] SOME = {"get", "gets", "flush_all", "verbosity", "me", "mn", "function", "functions"};
    private final Words words = new Words(SOME);

    @Test
    void eachIsFoundInEitherCaseWhereverItStands() {
        for (int i = 0; i < SOME.length; i++) {
            for (String behind : new String[] {"", " ", " and more than eight bytes"}) {
                assertThat(find("  ", SOME[i], behind)).isEqualTo(i);
                assertThat(find("", SOME[i].toUpperCase(java.util.Locale.ROOT), behind))
                        .isEqualTo(i);
            }
        }
    }

    @Test
    void nothingElseIs() {
        for (String other :
                new String[] {"", "ge", "getss", "flush_alm", "FUNCTIOM", "verbositx", "set", "flush\177all", "m\5"}) {
            assertThat(find("", other, " get me")).as(other).isNegative();
        }
    }

    @Test
    void twoThatCannotBeToldApartAreRefused() {
        assertThatThrownBy(() -> new Words("verbosely", "verboselz"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("alike");
    }

    private int find(String before, String word, String behind) {
        byte[] bytes = (before + word + behind).getBytes(US_ASCII);
        return words.find(bytes, before.length(), before.length() + word.length());
    }
}
