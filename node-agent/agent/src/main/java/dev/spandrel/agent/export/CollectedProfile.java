package dev.spandrel.agent.export;

import dev.spandrel.probe.live.profile.Profile;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;

/** A profile of one resource and the time that it is of, in wall-clock nanoseconds. */
public record CollectedProfile(
        Resource resource, InstrumentationScopeInfo scope, Profile profile, long start, long end) {
    int samples() {
        return profile.samples().size();
    }
}
