package dev.spandrel.policy;

import java.util.Set;

/** What a policy's Kubernetes namespace means. */
public sealed interface Scope {
    Scope HOST = new Host();
    Scope CLUSTER = new Cluster("spandrel-system");

    boolean isRoot(String namespace);

    boolean reaches(String policyNamespace, String workloadNamespace);

    /** Whether policies of a Kubernetes namespace reach that namespace alone. */
    boolean isNarrow(String namespace);

    /** Whether probe sets of a Kubernetes namespace may read all memory of a node, not only that of the processes that they select. */
    boolean isTrusted(String namespace);

    /** Who may set what holds for all others, for a message. */
    String level();

    /**
     * Policies reach the pods of their namespace; those of the root namespace reach every pod.
     *
     * @param trusted Kubernetes namespaces beside the root namespace
     */
    record Cluster(String rootNamespace, Set<String> trusted) implements Scope {
        public Cluster {
            trusted = Set.copyOf(trusted);
        }

        public Cluster(String rootNamespace) {
            this(rootNamespace, Set.of());
        }

        @Override
        public boolean isTrusted(String namespace) {
            return isRoot(namespace) || trusted.contains(namespace);
        }

        @Override
        public String level() {
            return "only a policy of the root namespace, " + rootNamespace + ", may set it";
        }

        @Override
        public boolean isRoot(String namespace) {
            return rootNamespace.equals(namespace);
        }

        @Override
        public boolean isNarrow(String namespace) {
            return !isRoot(namespace);
        }

        @Override
        public boolean reaches(String policyNamespace, String workloadNamespace) {
            return isRoot(policyNamespace) || policyNamespace.equals(workloadNamespace);
        }
    }

    /** One host without Kubernetes: every policy reaches every local workload. */
    record Host() implements Scope {
        @Override
        public boolean isTrusted(String namespace) {
            return true;
        }

        @Override
        public String level() {
            return "a host without Kubernetes has no root namespace: nobody may set it";
        }

        @Override
        public boolean isRoot(String namespace) {
            return false;
        }

        @Override
        public boolean isNarrow(String namespace) {
            return false;
        }

        @Override
        public boolean reaches(String policyNamespace, String workloadNamespace) {
            return true;
        }
    }
}
