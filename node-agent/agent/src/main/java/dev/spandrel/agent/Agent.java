package dev.spandrel.agent;

import dev.spandrel.agent.doctor.Diagnosis;
import dev.spandrel.agent.export.Receiver;
import dev.spandrel.agent.program.Backend;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.io.IOException;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/** The life of the agent: what must be there is looked for first, then all parts are built, started, and ended in the opposite order. */
public final class Agent implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(Agent.class);
    private static final int UNSUPPORTED = 3;

    private final Router router;
    private final AgentReadiness readiness;

    @Inject
    Agent(Router router, @Readiness AgentReadiness readiness) {
        this.router = router;
        this.readiness = readiness;
    }

    @Override
    public int run(String... arguments) throws IOException, InterruptedException {
        Options options = Options.parse(arguments);
        Diagnosis diagnosis = Diagnosis.here();
        LOG.info(diagnosis);
        if (diagnosis.cgroups().isEmpty()) {
            LOG.errorf("nothing can be traced here: %s", diagnosis.refusal().orElse(""));
            return UNSUPPORTED;
        }
        if (diagnosis.choice(options.backend()) instanceof Backend.Choice.None(String reason)) {
            LOG.errorf("nothing can be traced here: %s", reason);
            // An operator is to see the reason in its policies' status; alone there is nobody else to tell.
            if (options.origin() instanceof Options.Origin.Directory) {
                return UNSUPPORTED;
            }
        }
        Outputs outputs = Outputs.of(options);
        try (Parts parts = new Parts(options, diagnosis, diagnosis.cgroups().get(), outputs)) {
            new Served(router, parts.telemetry()).start();
            parts.start();
            readiness.started();
            LOG.infof("%s; http://%s/metrics", parts.description(), http());
            Quarkus.waitForExit();
        } finally {
            outputs.spans().ifPresent(Receiver::close);
        }
        return 0;
    }

    private static String http() {
        var config = ConfigProvider.getConfig();
        return config.getValue("quarkus.http.host", String.class) + ":"
                + config.getValue("quarkus.http.port", String.class);
    }
}
