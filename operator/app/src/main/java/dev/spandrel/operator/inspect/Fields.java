package dev.spandrel.operator.inspect;

import dev.spandrel.contract.v1.Conflict;
import dev.spandrel.contract.v1.ExplainedField;
import dev.spandrel.contract.v1.Level;
import dev.spandrel.contract.v1.OverriddenValue;
import dev.spandrel.contract.v1.SelectingPolicy;
import dev.spandrel.contract.v1.Standing;
import dev.spandrel.operator.desired.Snapshot.Origin;
import dev.spandrel.policy.Explanation;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.Problem;
import dev.spandrel.policy.Width;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** An explanation in the contract's terms. Pure. */
final class Fields {
    private Fields() {}

    static void describe(
            Explanation explained,
            Map<Policy.Key, Origin> origins,
            dev.spandrel.contract.v1.Explanation.Builder explanation) {
        explained.policies().forEach(policy -> explanation.addPolicies(policy(policy, origins)));
        explained.fields().forEach(field -> explanation.addFields(field(field, origins)));
    }

    private static SelectingPolicy policy(Explanation.Selecting selecting, Map<Policy.Key, Origin> origins) {
        Policy.Key key = selecting.source().policy();
        SelectingPolicy.Builder policy = SelectingPolicy.newBuilder()
                .setPolicy(key.toString())
                .setLevel(level(selecting.source().width()));
        Optional.ofNullable(origins.get(key))
                .ifPresent(origin -> policy.setGeneration(origin.generation()).setManager(origin.manager()));
        selecting.expiresAt().ifPresent(at -> policy.setExpiresAt(at.toString()));
        switch (selecting.standing()) {
            case Explanation.Standing.Holds(var lostTo) ->
                conflicts(lostTo, policy.setStanding(Standing.STANDING_IN_FORCE));
            case Explanation.Standing.Overridden(var lostTo) ->
                conflicts(lostTo, policy.setStanding(Standing.STANDING_OVERRIDDEN));
            case Explanation.Standing.Expired() -> policy.setStanding(Standing.STANDING_EXPIRED);
            case Explanation.Standing.Invalid(var problems) ->
                policy.setStanding(Standing.STANDING_INVALID)
                        .addAllProblems(problems.stream().map(Problem::toString).toList());
        }
        return policy.build();
    }

    private static void conflicts(SortedMap<Policy.Key, SortedSet<String>> lostTo, SelectingPolicy.Builder policy) {
        lostTo.forEach((winner, fields) -> policy.addConflicts(
                Conflict.newBuilder().setWinner(winner.toString()).addAllFields(fields)));
    }

    private static ExplainedField field(Explanation.InForce inForce, Map<Policy.Key, Origin> origins) {
        ExplainedField.Builder field =
                ExplainedField.newBuilder().setPath(inForce.path()).setValue(inForce.value());
        inForce.source().ifPresent(source -> {
            field.setPolicy(source.policy().toString()).setLevel(level(source.width()));
            Optional.ofNullable(origins.get(source.policy()))
                    .ifPresent(origin -> field.setGeneration(origin.generation()));
        });
        inForce.note().ifPresent(field::setNote);
        for (Explanation.Overridden other : inForce.overridden()) {
            field.addOverridden(OverriddenValue.newBuilder()
                    .setPolicy(other.source().policy().toString())
                    .setLevel(level(other.source().width()))
                    .setValue(other.value()));
        }
        return field.build();
    }

    private static Level level(Width width) {
        return switch (width) {
            case POD -> Level.LEVEL_POD;
            case NAMESPACE -> Level.LEVEL_NAMESPACE;
            case CLUSTER_POD -> Level.LEVEL_ROOT_POD;
            case CLUSTER -> Level.LEVEL_ROOT;
        };
    }
}
