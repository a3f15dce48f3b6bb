package dev.spandrel.agent.tls;

import java.util.Map;

/** Files that traced processes map, by TLS library: those with probes, and those that cannot have any, with the cause. */
public record TlsFigures(Map<String, Long> probed, Map<Refusal, Long> refused) {
    public record Refusal(String library, Cause cause) {}

    static final TlsFigures NONE = new TlsFigures(Map.of(), Map.of());

    public TlsFigures {
        probed = Map.copyOf(probed);
        refused = Map.copyOf(refused);
    }
}
