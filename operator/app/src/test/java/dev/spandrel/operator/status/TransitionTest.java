package dev.spandrel.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.crds.Condition;
import dev.spandrel.crds.Condition.Reason;
import dev.spandrel.crds.Condition.Status;
import dev.spandrel.crds.Condition.Type;
import dev.spandrel.crds.TracePolicyStatus;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TransitionTest {
    private static final Condition ACCEPTED = condition(Type.Accepted, true, Reason.Accepted, "in force");
    private static final Condition PENDING = condition(Type.Programmed, false, Reason.NodesPending, "0 of 1");
    private static final Condition PROGRAMMED = condition(Type.Programmed, true, Reason.Programmed, "all 1 nodes");
    private static final Condition CONFLICTED = condition(Type.Conflicted, true, Reason.OlderWins, "a wins");

    @Test
    void theSameStateInOtherWordsIsNoTransition() {
        assertThat(between(
                        status(ACCEPTED, PROGRAMMED),
                        status(ACCEPTED, condition(Type.Programmed, true, Reason.Programmed, "all 2 nodes"))))
                .isEmpty();
    }

    @Test
    void aPolicyThatStartsWellSaysThatItIsProgrammed() {
        assertThat(between(null, status(ACCEPTED, PROGRAMMED))).containsExactly("Normal Programmed all 1 nodes");
        assertThat(between(status(ACCEPTED, PENDING), status(ACCEPTED, PROGRAMMED)))
                .containsExactly("Normal Programmed all 1 nodes");
    }

    @Test
    void whatIsWrongIsAWarning() {
        assertThat(between(null, status(condition(Type.Accepted, false, Reason.Invalid, "percent"))))
                .containsExactly("Warning Invalid percent");
        assertThat(between(
                        status(ACCEPTED, PENDING),
                        status(ACCEPTED, condition(Type.Programmed, false, Reason.Rejected, "by 1"))))
                .containsExactly("Warning Rejected by 1");
    }

    @Test
    void aConflictComesAndGoes() {
        assertThat(between(status(ACCEPTED), status(ACCEPTED, CONFLICTED)))
                .containsExactly("Warning Conflicted a wins");
        assertThat(between(status(ACCEPTED, CONFLICTED), status(ACCEPTED)))
                .containsExactly("Normal ConflictResolved no older policy of the same width contradicts it any more");
    }

    @Test
    void theEndIsOneEvent() {
        TracePolicyStatus ended = status(
                condition(Type.Accepted, true, Reason.Expired, "ended"),
                condition(Type.Programmed, true, Reason.Expired, "nothing left"),
                condition(Type.Ready, true, Reason.Expired, "nothing left"),
                condition(Type.Expired, true, Reason.Expired, "ended by itself"));
        assertThat(between(status(ACCEPTED, PROGRAMMED), ended)).containsExactly("Normal Expired ended by itself");
    }

    private static List<String> between(TracePolicyStatus before, TracePolicyStatus after) {
        return Transition.between(before, after).stream()
                .map(event -> (event.warning() ? "Warning " : "Normal ") + event.reason() + " " + event.note())
                .toList();
    }

    private static TracePolicyStatus status(Condition... conditions) {
        return new TracePolicyStatus(1L, Arrays.asList(conditions), null, 1, null, null, "");
    }

    private static Condition condition(Type type, boolean holds, Reason reason, String message) {
        return new Condition(type, holds ? Status.True : Status.False, reason, message, 1L, "2026-06-01T12:00:00Z");
    }
}
