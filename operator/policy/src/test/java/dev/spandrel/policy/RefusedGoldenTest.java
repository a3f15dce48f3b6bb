package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code <fault>.yaml} is refused as {@code <fault>.txt} says: every problem with its line. */
final class RefusedGoldenTest {
    static List<Path> faults() {
        return Golden.in("refused", ".yaml");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isRefusedWithLineAndReason(Path fault) {
        String name = fault.getFileName().toString();
        PolicyFile file = PolicyFiles.parse(name, Golden.read(fault), Instant.EPOCH);
        assertThat(file.policies()).isEmpty();
        assertThat(file.refusals()).isNotEmpty();
        Golden.check(
                fault.resolveSibling(name.replace(".yaml", ".txt")),
                file.refusals().stream().map(refusal -> refusal + "\n").collect(Collectors.joining()));
    }
}
