package dev.spandrel.agent;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once all parts run, and it is this agent's turn. */
@Readiness
@ApplicationScoped
class AgentReadiness implements HealthCheck {
    private volatile boolean ready;

    void ready(boolean now) {
        ready = now;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("agent").status(ready).build();
    }
}
