package dev.spandrel.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Checks a policy that an API server let through: its CRD may be older than this version, or without the rules, and no schema knows
 * which Kubernetes namespace is the root.
 */
final class SpecCheck {
    private SpecCheck() {}

    static List<Problem> problems(Policy policy, Scope scope) {
        List<Problem> problems = new ArrayList<>(Crd.SPEC.check("spec", Records.toTree(policy.spec())));
        if (Field.ALLOWED_REQUEST_HEADERS.in(policy) != null
                && !scope.isRoot(policy.key().namespace())) {
            problems.add(new Problem("spec." + Field.ALLOWED_REQUEST_HEADERS.path(), scope.level()));
        }
        return problems;
    }
}
