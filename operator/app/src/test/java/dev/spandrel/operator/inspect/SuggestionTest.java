package dev.spandrel.operator.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SuggestionTest {
    private static final List<String> PODS =
            List.of("cart-0", "checkout-6d5f-a", "checkout-6d5f-b", "checkout-6d5f-c", "checkout-6d5f-d");

    @Test
    void aWorkloadsNameFindsSomeOfItsPods() {
        assertThat(Suggestion.of("checkout", PODS))
                .isEqualTo("; did you mean checkout-6d5f-a or checkout-6d5f-b or checkout-6d5f-c?");
    }

    @Test
    void aMisspeltNameFindsTheNearest() {
        assertThat(Suggestion.of("crat-0", PODS)).isEqualTo("; did you mean cart-0?");
    }

    @Test
    void nothingNearIsNotGuessed() {
        assertThat(Suggestion.of("payment", PODS)).isEmpty();
    }
}
