package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What config/samples shows is accepted. */
final class SamplesTest {
    static List<Path> samples() {
        return Golden.in("../../../../../config/samples", ".yaml");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isAccepted(Path sample) {
        PolicyFile file = PolicyFiles.parse(sample.getFileName().toString(), Golden.read(sample), Instant.EPOCH);
        assertThat(file.refusals()).isEmpty();
        assertThat(file.policies()).isNotEmpty();
    }
}
