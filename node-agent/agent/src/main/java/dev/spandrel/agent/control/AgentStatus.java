package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.NodeStatus;

/** What the operator is told about the running agent; asked for once a second. */
@FunctionalInterface
public interface AgentStatus {
    NodeStatus current();
}
