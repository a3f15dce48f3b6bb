package dev.spandrel.agent.probe;

import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.show.Values;

/** What is known of this host, read when it is first asked for. */
final class Live {
    static final HostFacts FACTS = new HostFacts();

    private Live() {}

    static Values values(Version version, Owners owners) {
        return new Values(version.compiled(), version.session().maps(), FACTS, owners);
    }
}
