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
    private static final long SECOND = 1_000_000_000;

    @Test
    void aLookThatTookLongOnceIsPaidForLater() {
        Gathered.Account first = new Gathered.Account(0, 0, Duration.ZERO).with(SECOND / 10, SECOND / 10);
        assertThat(first.pause()).isZero();
        assertThat(first.with(SECOND / 10, SECOND).owed()).isZero();
    }

    @Test
    void whoLooksLongAgainAndAgainWaitsSoThatItIsOnePartOfFive() {
        var account = new Gathered.Account(0, 0, Duration.ZERO);
        long now = 0;
        long spent = 0;
        for (int i = 0; i < 100; i++) {
            now += SECOND / 5;
            spent += SECOND / 5;
            account = account.with(spent, now);
            now += account.pause().toNanos();
        }
        assertThat((double) spent / now).isBetween(0.19, 0.22);
    }

    @Test
    void nobodyWaitsForEver() {
        var account = new Gathered.Account(0, 0, Duration.ZERO).with(10 * SECOND, 10 * SECOND);
        assertThat(account.pause()).isEqualTo(Duration.ofSeconds(2));
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
