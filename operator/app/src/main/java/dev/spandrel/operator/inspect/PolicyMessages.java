package dev.spandrel.operator.inspect;

import dev.spandrel.contract.v1.Conflict;
import dev.spandrel.contract.v1.PolicyList;
import dev.spandrel.contract.v1.PolicyState;
import dev.spandrel.operator.desired.Snapshot;
import dev.spandrel.operator.push.NodeProgress;
import dev.spandrel.operator.status.Tally;
import dev.spandrel.policy.Policy;
import dev.spandrel.policy.PolicyResult;
import dev.spandrel.policy.Problem;
import java.util.function.Function;

/** Policies in the contract's terms. Pure. */
final class PolicyMessages {
    private PolicyMessages() {}

    /** @param namespace empty: all */
    static PolicyList list(Snapshot snapshot, String namespace, Function<String, NodeProgress> progress) {
        PolicyList.Builder list = PolicyList.newBuilder();
        snapshot.compilation().policies().forEach((key, result) -> {
            if (namespace.isEmpty() || namespace.equals(key.namespace())) {
                list.addPolicies(policy(key, result, snapshot, progress));
            }
        });
        return list.build();
    }

    private static PolicyState policy(
            Policy.Key key, PolicyResult result, Snapshot snapshot, Function<String, NodeProgress> progress) {
        Tally tally = Tally.of(key, result, snapshot.compilation(), progress);
        PolicyState.Builder policy = PolicyState.newBuilder()
                .setNamespace(key.namespace())
                .setName(key.name())
                .setGeneration(snapshot.origins().get(key).generation())
                .setSampling(result.sampling())
                .setPods(result.workloads())
                .setDesired(result.inForce().size())
                .setProgrammed(tally.programmed())
                .setRejected(tally.rejected())
                .setDrifted(tally.drifted())
                .putAllLost(tally.lost())
                .addAllProblems(
                        result.problems().stream().map(Problem::toString).toList());
        result.expiry()
                .ifPresent(expiry -> policy.setExpiresAt(expiry.at().toString()).setExpired(expiry.over()));
        result.conflicts()
                .forEach((winner, conflict) -> policy.addConflicts(
                        Conflict.newBuilder().setWinner(winner.toString()).addAllFields(conflict.fields())));
        return policy.build();
    }
}
