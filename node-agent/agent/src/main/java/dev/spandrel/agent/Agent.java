package dev.spandrel.agent;

import dev.spandrel.agent.export.Destination;
import dev.spandrel.agent.export.JsonLines;
import dev.spandrel.agent.export.OtlpReceiver;
import dev.spandrel.agent.export.Receiver;
import dev.spandrel.agent.workload.WorkloadIndex;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Builds all parts, then starts all; ends them in the opposite order. */
public final class Agent implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(Agent.class);
    private static final Duration JSON_AGE = Duration.ofMillis(100);
    private static final Duration OTLP_AGE = Duration.ofSeconds(1);

    @Override
    public int run(String... arguments) throws InterruptedException {
        Options options = new Options();
        Main.commandLine(options).parseArgs(arguments);
        ConfigProperties environment = Destination.environment();
        Optional<Receiver> receiver = receiver(options, environment);
        WorkloadIndex workloads = new WorkloadIndex();
        try (DataHalf data = new DataHalf(
                workloads,
                hostName(),
                receiver,
                options.queueBytes,
                options.output.isPresent() ? JSON_AGE : environment.getDuration("otel.bsp.schedule.delay", OTLP_AGE),
                environment.getDuration("otel.exporter.otlp.timeout", Duration.ofSeconds(10)))) {
            data.start();
            LOG.infof(
                    "spandrel-agent %s ready: spans %s, http on %s",
                    Options.VERSION,
                    receiver.map(to -> "as " + to.description())
                            .orElse("nowhere (set OTEL_EXPORTER_OTLP_ENDPOINT or --output jsonl)"),
                    http());
            Quarkus.waitForExit();
        }
        receiver.ifPresent(Receiver::close);
        return 0;
    }

    private static Optional<Receiver> receiver(Options options, ConfigProperties environment) {
        if (options.output.isPresent()) {
            return Optional.of(new JsonLines(new FileOutputStream(FileDescriptor.out)));
        }
        return Destination.isOtlp(environment, "traces") ? Optional.of(OtlpReceiver.of(environment)) : Optional.empty();
    }

    private static String http() {
        var config = ConfigProvider.getConfig();
        return config.getValue("quarkus.http.host", String.class) + ":"
                + config.getValue("quarkus.http.port", String.class);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
