package dev.spandrel.policy;

/** What a policy's Kubernetes namespace means. */
public sealed interface Scope {
    /** Policies reach the pods of their namespace; those of the root namespace reach every pod. */
    record Cluster(String rootNamespace) implements Scope {}

    /** One host without Kubernetes: every policy reaches every local workload. */
    record Host() implements Scope {}

    Scope HOST = new Host();
    Scope CLUSTER = new Cluster("spandrel-system");

    default boolean isRoot(String namespace) {
        return switch (this) {
            case Cluster(String root) -> root.equals(namespace);
            case Host() -> false;
        };
    }

    default boolean reaches(String policyNamespace, String workloadNamespace) {
        return switch (this) {
            case Cluster(String root) -> policyNamespace.equals(root) || policyNamespace.equals(workloadNamespace);
            case Host() -> true;
        };
    }
}
