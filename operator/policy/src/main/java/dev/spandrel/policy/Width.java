package dev.spandrel.policy;

/** How much a policy covers. Narrow overrides wide, field by field. Declared from narrow to wide. */
public enum Width {
    POD,
    NAMESPACE,
    CLUSTER_POD,
    CLUSTER;

    static Width of(Policy policy, Scope scope) {
        boolean selects = policy.spec().podSelector() != null
                && !policy.spec().podSelector().selectsAll();
        if (scope.isRoot(policy.key().namespace())) {
            return selects ? CLUSTER_POD : CLUSTER;
        }
        return selects ? POD : NAMESPACE;
    }
}
