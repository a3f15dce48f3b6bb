package dev.spandrel.policy;

/** What a policy's Kubernetes namespace means. */
public sealed interface Scope {
    Scope HOST = new Host();
    Scope CLUSTER = new Cluster("spandrel-system");

    boolean isRoot(String namespace);

    boolean reaches(String policyNamespace, String workloadNamespace);

    /** Whether policies of a Kubernetes namespace reach that namespace alone. */
    boolean isNarrow(String namespace);

    /** Who may set what holds for all others, for a message. */
    String level();

    /** Policies reach the pods of their namespace; those of the root namespace reach every pod. */
    record Cluster(String rootNamespace) implements Scope {
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
