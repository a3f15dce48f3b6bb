package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.spandrel.contract.v1.HeaderMatch;
import dev.spandrel.contract.v1.PortRange;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.crds.TracePolicySpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigTextTest {
    private static final TraceConfig ONE = new Effective(List.of(
                    new Policy(new Policy.Key("shop", "one"), Instant.EPOCH, Instant.EPOCH, TracePolicySpec.EMPTY)))
            .config();

    static List<FieldDescriptor> fields() {
        return TraceConfig.getDescriptor().getFields();
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aDifferenceInAnyFieldIsSeenAndNamedOnce(FieldDescriptor field) {
        TraceConfig.Builder other = ONE.toBuilder();
        if (field.isRepeated()) {
            other.addRepeatedField(field, another(field));
        } else {
            other.setField(field, another(field));
        }
        assertThat(ConfigText.differences(ONE, other.build()))
                .as(field.getName())
                .hasSize(1);
    }

    private static Object another(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case BOOLEAN -> !(Boolean) ONE.getField(field);
            case INT -> 77;
            case LONG -> 1L;
            case STRING -> "another";
            case ENUM ->
                field.getEnumType().findValueByNumber(2) == null
                        ? field.getEnumType().findValueByNumber(1)
                        : field.getEnumType().findValueByNumber(2);
            case MESSAGE ->
                field.getName().equals("ports")
                        ? PortRange.newBuilder().setFirst(80).setLast(81).build()
                        : HeaderMatch.newBuilder()
                                .setName("x-debug")
                                .setValue("1")
                                .build();
            case FLOAT, DOUBLE, BYTE_STRING -> throw new AssertionError("say here what another " + field + " is");
        };
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.0001, 1, 33.3333, 99.9999, 100})
    void percentagesComeBackAsTheyWent(double percent) {
        long threshold = Effective.threshold(percent);
        assertThat(Percent.of(threshold))
                .isEqualTo(BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString() + "%");
        assertThat(Percent.of(threshold ^ 1)).contains("threshold " + (threshold ^ 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"250ms", "1s", "1m30s", "2h5ms"})
    void durationsComeBackAsTheyWent(String text) {
        assertThat(Durations.text(Durations.parse(text).orElseThrow().toNanos()))
                .isEqualTo(text);
    }

    @Test
    void theValuesThatSelectRequestsAreNotShown() {
        String text = ConfigText.match(
                HeaderMatch.newBuilder().setName("x-debug").setValue("secret").build());
        assertThat(text).startsWith("x-debug (value #").doesNotContain("secret");
    }
}
