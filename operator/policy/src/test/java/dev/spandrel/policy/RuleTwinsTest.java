package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RuleTwinsTest {
    @Test
    void everyRuleOfTheCrdHasATwin() {
        List<String> rules = new ArrayList<>();
        collect(Crd.OBJECT, rules);
        assertThat(rules)
                .hasSizeGreaterThan(10)
                .allSatisfy(rule -> assertThat(RuleTwins.of(rule)).isNotNull());
    }

    private static void collect(Object node, List<String> rules) {
        switch (node) {
            case Map<?, ?> map -> {
                if (map.get("rule") instanceof String rule) {
                    rules.add(rule);
                }
                map.values().forEach(value -> collect(value, rules));
            }
            case List<?> list -> list.forEach(element -> collect(element, rules));
            default -> {} // a scalar holds no rules
        }
    }
}
