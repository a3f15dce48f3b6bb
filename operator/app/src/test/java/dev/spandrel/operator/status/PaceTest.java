package dev.spandrel.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.crds.Condition;
import dev.spandrel.crds.TracePolicyStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void whatSomebodyWaitsForIsWrittenAtOnce() {
        assertThat(Pace.wait(null, status(1, "True", 3), Duration.ZERO, 1)).isZero();
        assertThat(Pace.wait(status(1, "True", 3), status(2, "True", 3), Duration.ZERO, 1))
                .isZero();
        assertThat(Pace.wait(status(1, "False", 3), status(1, "True", 3), Duration.ZERO, 1))
                .isZero();
    }

    @Test
    void numbersAreWrittenNowAndThen() {
        assertThat(Pace.wait(status(1, "True", 3), status(1, "True", 4), SECOND, 1))
                .isEqualTo(Pace.NUMBERS.minus(SECOND));
        assertThat(Pace.wait(status(1, "True", 3), status(1, "True", 4), Pace.NUMBERS, 1))
                .isZero();
    }

    @Test
    void ofManyEachIsWrittenTheMoreSeldom() {
        assertThat(Pace.wait(status(1, "True", 3), status(1, "True", 4), SECOND, 500))
                .isEqualTo(Duration.ofSeconds(49));
        assertThat(Pace.wait(status(1, "False", 3), status(1, "True", 3), Duration.ZERO, 500))
                .isZero();
    }

    private static TracePolicyStatus status(long generation, String programmed, int pods) {
        return new TracePolicyStatus(
                generation,
                List.of(new Condition(
                        Condition.Type.Programmed,
                        Condition.Status.valueOf(programmed),
                        Condition.Reason.Programmed,
                        "on " + pods,
                        generation,
                        "2026-06-01T12:00:00Z")),
                null,
                pods,
                "100%",
                TracePolicyStatus.Nodes.of(pods, pods, 0, Map.of(), 0, Map.of()),
                "hash");
    }
}
