package dev.spandrel.policy;

import dev.spandrel.crds.TracePolicySpec;
import java.time.Instant;
import java.util.Comparator;

/** A trace policy with what decides about its precedence. */
public record Policy(Key key, Instant created, TracePolicySpec spec) {
    /** The older first; the name settles what the time does not. */
    static final Comparator<Policy> OLDEST_FIRST =
            Comparator.comparing(Policy::created).thenComparing(Policy::key);

    /** Kubernetes namespace and name. */
    public record Key(String namespace, String name) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byNamespace = namespace.compareTo(other.namespace);
            return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
        }

        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }
}
