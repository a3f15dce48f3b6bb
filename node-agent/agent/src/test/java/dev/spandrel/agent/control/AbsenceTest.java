package dev.spandrel.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AbsenceTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(50);

    private record Task(Duration due, Runnable action) {}

    private final List<Task> waiting = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private int switchedOff;
    private int there;
    private final Absence absence = new Absence(Optional.of(LIMIT), this::after, () -> switchedOff++, () -> there++);

    private Runnable after(Duration time, Runnable action) {
        Task task = new Task(now.plus(time), action);
        waiting.add(task);
        return () -> waiting.remove(task);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        waiting.stream()
                .filter(task -> task.due().compareTo(now) <= 0)
                .sorted(Comparator.comparing(Task::due))
                .toList()
                .forEach(task -> {
                    if (waiting.remove(task)) task.action().run();
                });
    }

    private void refused() {
        absence.streaming();
        pass(MOMENT);
        absence.alone();
    }

    @Test
    void anOperatorThatLetsInAndRefusesIsNotThere() {
        absence.alone();
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofSeconds(3));
            refused();
        }
        assertThat(switchedOff).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(switchedOff).isEqualTo(1);
        pass(LIMIT.multipliedBy(3));
        refused();
        assertThat(switchedOff).as("once").isEqualTo(1);
        assertThat(there).isZero();
    }

    @Test
    void aStreamThatLastsIsAnOperatorEvenIfItSaysNothing() {
        absence.alone();
        pass(LIMIT.minus(MOMENT));
        absence.streaming();
        pass(Absence.PROOF);
        assertThat(there).as("attempts are counted anew").isEqualTo(1);
        pass(LIMIT.multipliedBy(3));
        assertThat(switchedOff).isZero();
        absence.alone();
        pass(LIMIT);
        assertThat(switchedOff).isEqualTo(1);
    }

    @Test
    void theLimitPassesWhileAnOperatorIsAboutToRefuse() {
        absence.alone();
        pass(LIMIT.minus(MOMENT));
        absence.streaming();
        pass(MOMENT.multipliedBy(2));
        assertThat(switchedOff).as("it may yet be one").isZero();
        absence.alone();
        assertThat(switchedOff).isEqualTo(1);
    }

    @Test
    void afterItWasOffItCanBeOffAgain() {
        absence.alone();
        pass(LIMIT);
        absence.streaming();
        absence.there();
        absence.alone();
        pass(LIMIT);
        assertThat(switchedOff).isEqualTo(2);
    }
}
