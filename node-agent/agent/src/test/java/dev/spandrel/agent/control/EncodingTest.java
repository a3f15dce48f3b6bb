package dev.spandrel.agent.control;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncodingTest {
    @Test
    void aConfigValueComesBackAsItWent() {
        var ports = List.of(new ConfigValue.PortRange(1, 80), new ConfigValue.PortRange(65534, 65535));
        var value = new ConfigValue(1L << 40, 1L << 56, -1, 63, 2, 1023, -1, 255, 4096, 4096, 599, 400, 6, ports);
        var bytes = Arena.ofAuto().allocate(ConfigValue.SIZE, 8).fill((byte) 0xff);
        value.encode(bytes);

        assertThat(ConfigValue.decode(bytes)).isEqualTo(value);
        assertThat(bytes.asSlice(52, 4).toArray(JAVA_BYTE)).containsOnly(0);
        assertThat(bytes.asSlice(64).toArray(JAVA_BYTE)).containsOnly(0);
    }

    @Test
    void rulesOfFullLengthComeBackAsTheyWent() {
        var rules = new RuleSet(List.of(
                new HeaderRule(HeaderRule.Action.MATCH, "n".repeat(40), "v".repeat(80)),
                new HeaderRule(HeaderRule.Action.PRESENT, "b3", ""),
                new HeaderRule(HeaderRule.Action.MATCH, "x-name", "gr\u00fcn")));
        var bytes = Arena.ofAuto().allocate(RuleSet.SIZE, 8).fill((byte) 0xff);
        rules.encode(bytes);

        assertThat(RuleSet.decode(bytes)).isEqualTo(rules);
    }
}
