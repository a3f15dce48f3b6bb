package dev.spandrel.agent;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once all parts run. */
@Readiness
@ApplicationScoped
class AgentReadiness implements HealthCheck {
    private volatile boolean started;

    void started() {
        started = true;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("agent").status(started).build();
    }
}
