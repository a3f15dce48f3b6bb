package dev.spandrel.policy;

import dev.spandrel.crds.TracePolicySpec;
import java.util.List;

/** Checks a spec that an API server let through: its CRD may be older than this version, or without the rules. */
final class SpecCheck {
    private SpecCheck() {}

    static List<Problem> problems(TracePolicySpec spec) {
        return Crd.SPEC.check("spec", Records.toTree(spec));
    }
}
