package dev.spandrel.agent.metric;

import dev.spandrel.agent.tls.TlsFigures;
import java.util.Map;

/** What the wiring knows of the agent's parts. */
public interface AgentFigures {
    long records();

    long malformed();

    long queueSize();

    long queueOverflow();

    long exported();

    long refused();

    /** Log records and samples of profiles that probes made and that never left, by what they are. */
    Map<String, Long> probesLost();

    long programsAttached();

    long generation();

    long drift();

    long cgroups();

    /** Files with probes, by TLS library. */
    Map<String, Long> tlsProbed();

    /** Files that cannot have any, by TLS library and cause. */
    Map<TlsFigures.Refusal, Long> tlsRefused();

    long ringBacklog();

    long residentBytes();
}
