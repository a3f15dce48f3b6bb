package dev.spandrel.policy;

import java.util.Set;

/**
 * What a step changed.
 *
 * @param nodes whose target is another one than before, be it only by the policies that it is from, or which are new or gone
 * @param policies whose result is another one than before, or which are new or gone
 */
public record Change(Compilation compilation, Set<String> nodes, Set<Policy.Key> policies) {
    public Change {
        nodes = Set.copyOf(nodes);
        policies = Set.copyOf(policies);
    }
}
