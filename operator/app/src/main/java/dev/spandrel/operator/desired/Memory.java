package dev.spandrel.operator.desired;

import dev.spandrel.crds.TracePolicy;
import dev.spandrel.policy.Policy;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Which policies hold. With their definition all custom resources are deleted, each with an event of its own: that is not what a person
 * does who deletes a policy, so the last ones hold until the definition is back. Used by one thread.
 */
final class Memory {
    private final BooleanSupplier definitionIsGone;
    private List<TracePolicy> last = List.of();
    private boolean holding;

    /** @param definitionIsGone asked only when a policy is missing that was there before; true also while it is being deleted */
    Memory(BooleanSupplier definitionIsGone) {
        this.definitionIsGone = definitionIsGone;
    }

    /** Those of the cache, or the last ones if they only went with their definition. */
    List<TracePolicy> of(List<TracePolicy> cached) {
        Set<Policy.Key> there = cached.stream().map(Policies::key).collect(Collectors.toSet());
        holding = last.stream().map(Policies::key).anyMatch(key -> !there.contains(key))
                && definitionIsGone.getAsBoolean();
        if (!holding) {
            last = List.copyOf(cached);
        }
        return last;
    }

    /** Whether the last ones hold though they are not there any more. */
    boolean holding() {
        return holding;
    }
}
