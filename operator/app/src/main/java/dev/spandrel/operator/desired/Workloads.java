package dev.spandrel.operator.desired;

import dev.spandrel.policy.Inventory;
import java.util.Optional;
import java.util.Set;

/** What could be traced, as the caches have it. */
public interface Workloads {
    Set<String> ids();

    Optional<Inventory.Entry> get(String id);
}
