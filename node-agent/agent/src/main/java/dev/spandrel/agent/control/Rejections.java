package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.Workload;

/** Reasons for which a workload's configuration is not applied. */
enum Rejections {
    TOO_MANY_RULES("TooManyRules"),
    TOO_MANY_PORTS("TooManyPorts"),
    RULE_TOO_LONG("RuleTooLong"),
    TOO_MANY_RULE_SETS("TooManyRules"),
    TOO_MANY_POLICIES("TooManyPolicies"),
    CGROUP_SELECTED_TWICE("CgroupSelectedTwice"),
    UNSUPPORTED_KERNEL("UnsupportedKernel"),
    NOT_WRITTEN("NotWritten");

    private final String reason;

    Rejections(String reason) {
        this.reason = reason;
    }

    Rejection of(Workload workload, String message) {
        return Rejection.newBuilder()
                .setWorkloadId(workload.getId())
                .setReason(reason)
                .setMessage(message)
                .build();
    }
}
