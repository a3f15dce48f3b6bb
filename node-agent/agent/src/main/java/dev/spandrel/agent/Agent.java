package dev.spandrel.agent;

import dev.spandrel.agent.control.Turn;
import dev.spandrel.agent.doctor.Diagnosis;
import dev.spandrel.agent.export.Receiver;
import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.Sensors;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/** The life of the agent: what must be there is looked for first, then all parts are built, started, and ended in the opposite order. */
public final class Agent implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(Agent.class);
    private static final int UNSUPPORTED = 3;
    private static final int IN_USE = 4;
    private static final long LOOK_MILLIS = 100;

    private final Router router;
    private final AgentReadiness readiness;
    private final CountDownLatch exit = new CountDownLatch(1);

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
        Thread.ofPlatform().name("exit").daemon().start(() -> {
            Quarkus.waitForExit();
            exit.countDown();
        });
        Served served = Served.on(router);
        try (Turn turn = options.turn()) {
            Optional<String> inUse = options.pins().filter(pins -> turn.free()).flatMap(Sensors::inUseByAnother);
            if (inUse.isPresent()) {
                LOG.error(inUse.get());
                return IN_USE;
            }
            do {
                trace(options, diagnosis, served, turn);
            } while (again(turn));
        }
        return 0;
    }

    /** Until the process is to end, or another agent of the node has come. */
    private void trace(Options options, Diagnosis diagnosis, Served served, Turn turn)
            throws IOException, InterruptedException {
        Outputs outputs = Outputs.of(options);
        try (Parts parts = new Parts(options, diagnosis, diagnosis.cgroups().get(), outputs, turn)) {
            served.from(parts.telemetry());
            parts.start();
            LOG.infof("%s; http://%s/metrics", parts.description(), http());
            do {
                readiness.ready(turn.held());
            } while (!exit.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) && !(turn.held() && turn.asked()));
            if (!turn.held()) turn.close();
        } finally {
            readiness.ready(false);
            outputs.spans().ifPresent(Receiver::close);
        }
    }

    /** False when the process is to end. One that was started later and is gone leaves the turn to this one. */
    private boolean again(Turn turn) throws InterruptedException {
        if (exit.getCount() == 0) return false;
        LOG.info("another agent of this node has started and traces from now on; waiting beside it");
        while (!exit.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (turn.free()) return true;
        }
        return false;
    }

    private static String http() {
        var config = ConfigProvider.getConfig();
        return config.getValue("quarkus.http.host", String.class) + ":"
                + config.getValue("quarkus.http.port", String.class);
    }
}
