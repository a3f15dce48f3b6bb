package dev.spandrel.agent.metric;

/** What the wiring knows of the agent's parts. */
public interface AgentFigures {
    long records();

    long malformed();

    long queueSize();

    long queueOverflow();

    long exported();

    long refused();

    long programsAttached();

    long generation();

    long drift();

    long cgroups();

    long ringBacklog();

    long residentBytes();
}
