package dev.spandrel.operator.inspect;

import java.util.Optional;

/** Who may see what. */
public interface Access {
    /** Whoever reaches the address may see all. */
    Access OPEN = (_, _) -> Optional.empty();

    /** A right in the cluster, as in its RBAC rules. @param namespace empty: in all */
    record Right(String verb, String group, String resource, String namespace) {
        static Right policies(String verb, String namespace) {
            return new Right(verb, "spandrel.dev", "tracepolicies", namespace);
        }

        static Right probes(String verb, String namespace) {
            return new Right(verb, "spandrel.dev", "probesets", namespace);
        }

        static final Right NODES = new Right("list", "", "nodes", "");

        @Override
        public String toString() {
            return verb + " " + resource
                    + (namespace.isEmpty() ? " of the whole cluster" : " in namespace " + namespace);
        }
    }

    /** Why not. */
    sealed interface Denial {
        String message();

        /** Nobody knows who asks. */
        record Unknown(String message) implements Denial {}

        record Forbidden(String message) implements Denial {}

        /** The API server could not be asked. */
        record Unchecked(String message) implements Denial {}
    }

    /** @param token of whoever asks; empty if there was none */
    Optional<Denial> deny(String token, Right right);
}
