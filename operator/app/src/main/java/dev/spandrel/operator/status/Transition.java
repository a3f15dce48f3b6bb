package dev.spandrel.operator.status;

import dev.spandrel.crds.Condition;
import dev.spandrel.crds.Condition.Reason;
import dev.spandrel.crds.Condition.Status;
import dev.spandrel.crds.Condition.Type;
import dev.spandrel.crds.TracePolicyStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A change of state that people want to see as a Kubernetes Event: of a condition's status or reason, never of its message alone. */
public record Transition(boolean warning, String reason, String note) {
    /** Of Programmed. */
    private static final Set<Reason> WARNINGS =
            Set.of(Reason.Rejected, Reason.Drifted, Reason.AgentTooOld, Reason.OverBudget);

    /** From what the API server holds to what is about to be written: the same status again is no change. */
    public static List<Transition> between(@Nullable TracePolicyStatus before, TracePolicyStatus after) {
        return between(conditions(before), conditions(after));
    }

    public static List<Transition> between(List<Condition> before, List<Condition> after) {
        List<Transition> transitions = new ArrayList<>();
        for (Type type : Type.values()) {
            Optional<Condition> was = condition(before, type);
            Optional<Condition> is = condition(after, type);
            if (!state(was).equals(state(is))) {
                of(type, was, is).ifPresent(transitions::add);
            }
        }
        return transitions;
    }

    private static Optional<Transition> of(Type type, Optional<Condition> was, Optional<Condition> is) {
        return switch (type) {
            case Accepted ->
                is.filter(now -> now.reason() != Reason.Expired && now.reason() != Reason.Conflicted) // have their own
                        .filter(now ->
                                was.isPresent() || now.reason() != Reason.Accepted) // that it starts well is no news
                        .map(now -> new Transition(
                                now.reason() != Reason.Accepted, now.reason().name(), now.message()));
            case Programmed ->
                is.filter(now -> now.reason() != Reason.Expired && now.reason() != Reason.NotAccepted)
                        .map(now -> new Transition(
                                WARNINGS.contains(now.reason()), now.reason().name(), now.message()));
            case Ready, Reconciling, Stalled -> Optional.empty(); // follow from the others
            case Conflicted ->
                Optional.of(is.map(now -> new Transition(true, type.name(), now.message()))
                        .orElseGet(() -> new Transition(
                                false,
                                "ConflictResolved",
                                "no older policy of the same width contradicts it any more")));
            case Expired -> is.map(now -> new Transition(false, type.name(), now.message()));
        };
    }

    private static List<Condition> conditions(@Nullable TracePolicyStatus status) {
        return status == null || status.conditions() == null ? List.of() : status.conditions();
    }

    private static Optional<Condition> condition(List<Condition> conditions, Type type) {
        return conditions.stream().filter(condition -> condition.type() == type).findFirst();
    }

    private record State(Status status, @Nullable Reason reason) {}

    private static Optional<State> state(Optional<Condition> condition) {
        return condition.map(present -> new State(present.status(), present.reason()));
    }
}
