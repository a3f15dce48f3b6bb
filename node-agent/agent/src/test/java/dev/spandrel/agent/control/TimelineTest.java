package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.at;
import static dev.spandrel.agent.control.Workloads.config;
import static dev.spandrel.agent.control.Workloads.match;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Later;
import dev.spandrel.contract.v1.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final Workload LATER = at("/a").toBuilder()
            .addLater(Later.newBuilder().setAtUnixMillis(1000).setConfig(config().setThreshold(7)))
            .addLater(Later.newBuilder().setAtUnixMillis(2000))
            .build();

    @Test
    void aWorkloadBecomesWhatItWasSaidToAndInTheEndNothing() {
        assertThat(Timeline.at(LATER, 999)).contains(LATER);
        assertThat(Timeline.at(LATER, 1000).orElseThrow().getConfig().getThreshold())
                .isEqualTo(7);
        assertThat(Timeline.at(LATER, 2000)).isEmpty();
        assertThat(Timeline.at(at("/a"), Long.MAX_VALUE)).contains(at("/a"));
    }

    @Test
    void theNextChangeIsTheFirstOfAllThatIsStillToCome() {
        var workloads = List.of(at("/b"), LATER);
        assertThat(Timeline.next(workloads, 0)).hasValue(1000);
        assertThat(Timeline.next(workloads, 1000)).hasValue(2000);
        assertThat(Timeline.next(workloads, 2000)).isEmpty();
    }

    @Test
    void whatTheKernelCouldNotHoldLaterIsRejectedNow() {
        var later = Later.newBuilder().setAtUnixMillis(1).setConfig(config().addMatch(match("x".repeat(60), "")));
        assertThat(Translation.check(at("/a").toBuilder().addLater(later).build()))
                .isPresent();
    }
}
