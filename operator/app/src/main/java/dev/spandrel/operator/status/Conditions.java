package dev.spandrel.operator.status;

import dev.spandrel.crds.Condition;
import dev.spandrel.crds.Condition.Reason;
import dev.spandrel.crds.Condition.Status;
import dev.spandrel.crds.Condition.Type;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Builds the conditions of one generation: keeps lastTransitionTime where the status stays, stamps observedGeneration. */
final class Conditions {
    private static final int MOST_CHARACTERS = 1024;

    private final List<Condition> before;
    private final long generation;
    private final Instant now;
    private final List<Condition> built = new ArrayList<>();

    Conditions(List<Condition> before, long generation, Instant now) {
        this.before = before;
        this.generation = generation;
        this.now = now;
    }

    Conditions add(Type type, boolean holds, Reason reason, String message) {
        Status status = holds ? Status.True : Status.False;
        String since = before.stream()
                .filter(condition -> condition.type() == type && condition.status() == status)
                .map(Condition::lastTransitionTime)
                .findFirst()
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        String shortened = message.length() <= MOST_CHARACTERS ? message : message.substring(0, MOST_CHARACTERS) + "…";
        built.add(new Condition(type, status, reason, shortened, generation, since));
        return this;
    }

    /** Of the one that keeps it from being Ready: is it on its way, or is it for somebody to act? Both are there only while they hold. */
    Conditions progress() {
        built.stream()
                .filter(condition -> condition.type() != Type.Ready && condition.status() == Status.False)
                .findFirst()
                .ifPresent(cause -> add(
                        comesByItself(cause) ? Type.Reconciling : Type.Stalled, true, cause.reason(), cause.message()));
        return this;
    }

    private static boolean comesByItself(Condition cause) {
        return cause.reason() == Reason.NodesPending || cause.reason() == Reason.Drifted;
    }

    List<Condition> build() {
        return List.copyOf(built);
    }
}
