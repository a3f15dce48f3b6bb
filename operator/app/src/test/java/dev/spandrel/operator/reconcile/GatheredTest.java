package dev.spandrel.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.push.Heard;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class GatheredTest {
    @Test
    void theLongerLookingTakesTheLongerIsWaited() {
        assertThat(Gathered.pauseAfter(Duration.ofMillis(10))).isZero();
        assertThat(Gathered.pauseAfter(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(450));
        assertThat(Gathered.pauseAfter(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whatIsHeardOfANodeMeanwhileIsToldOnce() throws InterruptedException {
        BlockingQueue<Collection<Heard>> told = new LinkedBlockingQueue<>();
        try (Gathered gathered = new Gathered(told::add, () -> 0)) {
            gathered.add(Heard.ofAll("a"));
            gathered.add(Heard.ofAll("a"));
            assertThat(told.poll(10, TimeUnit.SECONDS)).containsExactly(Heard.ofAll("a"));
            gathered.add(Heard.ofAll("b"));
            assertThat(told.poll(10, TimeUnit.SECONDS)).containsExactly(Heard.ofAll("b"));
        }
    }
}
