package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.match;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Create;
import dev.spandrel.contract.v1.PortRange;
import dev.spandrel.contract.v1.TraceConfig;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read back is what was written: else an operator would see differences that are none, or none where there are. */
class InverseTranslationTest {
    static Stream<TraceConfig> configs() {
        return Stream.of(
                Workloads.config().build(),
                Workloads.config().setEnabled(false).setMetrics(false).build(),
                Workloads.config()
                        .clearRoles()
                        .addRolesValue(2)
                        .setThreshold(1L << 56)
                        .build(),
                Workloads.config().setCreate(Create.CREATE_HEADER_PRESENT).build(),
                everyField());
    }

    private static TraceConfig everyField() {
        return Workloads.config()
                .setHonorParent(true)
                .setByChance(true)
                .setKeepErrors(true)
                .setSlowerThanNanos(250_000_000)
                .setCreate(Create.CREATE_HEADER_PRESENT)
                .addAllHeaders(List.of("b3", "traceparent", "uber-trace-id"))
                .addMatch(match("x-debug", "1"))
                .addMatch(match("x-any", ""))
                .addRequestHeaderAttributes("x-tenant-id")
                .setSearchBytes(300)
                .addPorts(PortRange.newBuilder().setFirst(80).setLast(80))
                .addPorts(PortRange.newBuilder().setFirst(8000).setLast(65535))
                .build();
    }

    @Test
    void noFieldIsForgotten() {
        assertThat(everyField().getAllFields().keySet())
                .containsExactlyInAnyOrderElementsOf(TraceConfig.getDescriptor().getFields());
    }

    @ParameterizedTest
    @MethodSource("configs")
    void comesBackAsItWent(TraceConfig config) {
        assertThat(there(config, 7)).isEqualTo(config);
    }

    private static TraceConfig there(TraceConfig config, int policy) {
        var value = Arena.ofAuto().allocate(ConfigValue.SIZE, 8);
        var rules = Arena.ofAuto().allocate(RuleSet.SIZE, 8);
        Translation.value(config, policy, 3).encode(value);
        Translation.rules(config).encode(rules);
        return InverseTranslation.config(
                ConfigValue.decode(value),
                RuleSet.decode(rules),
                config.getPolicy(),
                config.getRequestHeaderAttributesList());
    }

    @Test
    void headersAreNotCapturedWhereTheKernelKeepsTooLittle() {
        var config =
                Workloads.config().addRequestHeaderAttributes("x-tenant-id").build();
        var value = Translation.value(Workloads.config().build(), 1, 0);
        assertThat(InverseTranslation.config(value, RuleSet.EMPTY, "", config.getRequestHeaderAttributesList())
                        .getRequestHeaderAttributesList())
                .isEmpty();
    }

    @Test
    void anyBytesCanBeRead() {
        var random = RandomGenerator.of("L64X128MixRandom");
        var value = Arena.ofAuto().allocate(ConfigValue.SIZE, 8);
        var rules = Arena.ofAuto().allocate(RuleSet.SIZE, 8);
        for (int i = 0; i < 10_000; i++) {
            value.asByteBuffer().put(bytes(random, ConfigValue.SIZE));
            rules.asByteBuffer().put(bytes(random, RuleSet.SIZE));
            assertThat(InverseTranslation.config(ConfigValue.decode(value), RuleSet.decode(rules), "", List.of())
                            .getPortsCount())
                    .isLessThanOrEqualTo(ConfigValue.MAX_PORT_RANGES);
        }
    }

    private static byte[] bytes(RandomGenerator random, int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
