package dev.spandrel.agent;

import dev.spandrel.agent.control.Control;
import dev.spandrel.agent.control.DriftFigures;
import dev.spandrel.agent.control.KernelFacts;
import dev.spandrel.agent.control.OperatorClient;
import dev.spandrel.agent.control.Turn;
import dev.spandrel.agent.doctor.Diagnosis;
import dev.spandrel.agent.export.ProfileExport;
import dev.spandrel.agent.metric.MetricExport;
import dev.spandrel.agent.probe.LogExport;
import dev.spandrel.agent.probe.Probes;
import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.agent.program.Sensors;
import dev.spandrel.agent.program.UnsupportedKernelException;
import dev.spandrel.agent.standalone.Standalone;
import dev.spandrel.agent.tls.TlsFigures;
import dev.spandrel.agent.tls.TlsProbes;
import dev.spandrel.agent.workload.CgroupTree;
import dev.spandrel.agent.workload.WorkloadIndex;
import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.NodeStatus;
import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.BpfMap;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** Both halves, wired. Built whole, then started; closing takes them down in the opposite order, so that what was traced still leaves. */
final class Parts implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Parts.class);
    /** How long the kernel may hold something else than was written, at most. */
    private static final Duration DRIFT_PERIOD = Duration.ofSeconds(5);

    /** How long a process may run before its TLS library has probes, if nobody ran it before. */
    private static final Duration TLS_PERIOD = Duration.ofMillis(50);

    private static final Duration LAST_METRICS = Duration.ofMillis(1000);

    private final Outputs outputs;
    private final Diagnosis diagnosis;
    private final Optional<String> node;
    private final Turn turn;
    private final Backend.Choice choice;
    private final CgroupTree tree;
    private final DataHalf data;
    private final Telemetry telemetry;
    private final Sensors sensors;
    private final Control control;
    private final Source source;
    private final TlsProbes tls;
    private final Probes probes;
    private final Optional<LogExport> logs;
    private final Optional<ProfileExport> profiles;
    private final ScheduledExecutorService tlsTimer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("tls").daemon().factory());
    private final ScheduledExecutorService driftTimer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("drift").daemon().factory());
    private final ScheduledExecutorService logTimer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("probe-logs").daemon().factory());
    private final ScheduledExecutorService metricThread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("spandrel-metrics").daemon().factory());

    Parts(Options options, Diagnosis diagnosis, Path cgroups, Outputs outputs, Turn turn) throws IOException {
        this.outputs = outputs;
        this.turn = turn;
        this.choice = diagnosis.choice(options.backend());
        this.diagnosis = diagnosis;
        WorkloadIndex workloads = new WorkloadIndex();
        node = options.node();
        String host = node.orElseGet(Parts::hostName);
        data = new DataHalf(workloads, host, outputs, options.queueBytes());
        telemetry = new Telemetry(
                data.drain(),
                data.streams(),
                workloads,
                host,
                new Figures(
                        data,
                        workloads,
                        this::sensor,
                        this::generation,
                        this::drift,
                        this::tlsFigures,
                        this::probesLost));
        tree = new CgroupTree(cgroups);
        sensors = new Sensors(choice, options.sizes(), options.pins(), telemetry, Layouts::differences, turn::take);
        control = new Control(sensors, tree, workloads, InstantSource.system());
        tls = new TlsProbes(this::sensor, control::traced);
        logs = outputs.logs().map(exporter -> new LogExport(exporter, outputs.logTimeout()));
        probes = new Probes(tree, workloads, host, InstantSource.system(), this::threads, logs);
        profiles = outputs.profiles().map(to -> new ProfileExport(to, probes::profiles, LAST_METRICS));
        source = source(options);
    }

    private Source source(Options options) throws IOException {
        return switch (options.origin()) {
            case Options.Origin.Directory(Path path) -> {
                var standalone = new Standalone(path, control, tree);
                yield new Source("the files in " + path, standalone::start, standalone);
            }
            case Options.Origin.Operator(var address, String node, Optional<Duration> offAfter) -> {
                Hello hello = Hello.newBuilder()
                        .setNode(node)
                        .setAgentVersion(Options.VERSION)
                        .setKernel(KernelFacts.of(diagnosis, choice))
                        .build();
                var client = new OperatorClient(
                        address, hello, control, probes, options.state(), this::status, offAfter, turn);
                Runnable start = () -> {
                    client.start();
                    probes.rehearse();
                };
                yield new Source("operator " + address.hostAndPort(), start, client);
            }
        };
    }

    private record Source(String description, Runnable start, AutoCloseable end) {}

    void start() {
        // Of an operator's agents the client knows when; who reads files has nobody to ask.
        if (node.isEmpty()) turn.take();
        data.start();
        tree.start();
        source.start.run();
        driftTimer.scheduleWithFixedDelay(
                () -> control.checkDrift().exceptionally(Parts::driftUnchecked).join(),
                DRIFT_PERIOD.toMillis(),
                DRIFT_PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
        tlsTimer.scheduleWithFixedDelay(
                steady("looking for TLS libraries", () -> tls.doWork(System.nanoTime())),
                TLS_PERIOD.toMillis(),
                TLS_PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
        long logPeriod = outputs.logDelay().toMillis();
        logs.ifPresent(export -> logTimer.scheduleWithFixedDelay(
                steady("sending log records", export::doWork), logPeriod, logPeriod, TimeUnit.MILLISECONDS));
        profiles.ifPresent(export -> metricThread.scheduleAtFixedRate(
                steady("sending profiles", export::doWork),
                outputs.metricInterval().toMillis(),
                outputs.metricInterval().toMillis(),
                TimeUnit.MILLISECONDS));
        outputs.metrics().ifPresent(exporter -> {
            var export = new MetricExport(exporter, this::collect, LAST_METRICS);
            long period = outputs.metricInterval().toMillis();
            metricThread.scheduleAtFixedRate(
                    steady("sending metrics", export::doWork), period, period, TimeUnit.MILLISECONDS);
        });
    }

    private List<MetricData> collect() {
        List<MetricData> metrics = new ArrayList<>(telemetry.collect());
        metrics.addAll(probes.collect());
        return metrics;
    }

    Telemetry telemetry() {
        return telemetry;
    }

    /** One line: what runs. */
    String description() {
        String backend = choice instanceof Backend.Choice.Chosen(Backend chosen) ? chosen.id() : "none";
        return "spandrel-agent " + Options.VERSION + " runs: configuration from " + source.description + ", backend "
                + backend + ", " + outputs.description();
    }

    /** Comes again after a failure: what throws, a timer does not run any more. */
    private static Runnable steady(String what, Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error(what + " failed, and is tried again", e);
            }
        };
    }

    /** Before the others are detached, whose turn it is then to give. */
    private void endTls() {
        tlsTimer.close();
        tls.detach();
    }

    private TlsFigures tlsFigures() {
        return tls.figures();
    }

    private Map<String, Long> probesLost() {
        return Map.of(
                "log_records", logs.map(LogExport::lost).orElse(0L),
                "samples", profiles.map(ProfileExport::lost).orElse(0L));
    }

    private long generation() {
        return control.outcome().generation();
    }

    private NodeStatus status() {
        return NodeStatus.newBuilder()
                .setProgramsAttached(sensor().filter(Sensor::attached).isPresent())
                .setGeneration(generation())
                .putAllLost(telemetry.lost())
                .addAllDrifted(control.drift().workloads().stream().sorted().toList())
                .addAllProbes(probes.reports())
                .build();
    }

    private Optional<Sensor> sensor() {
        return sensors.current();
    }

    /** Probes that ask which request a thread answers go without an answer if these cannot be made. */
    private Map<String, BpfMap> threads() {
        try {
            return sensors.threads().maps();
        } catch (BpfException | UnsupportedKernelException e) {
            LOG.warn("what threads answer cannot be kept for probes", e);
            return Map.of();
        }
    }

    private long drift() {
        return control.drift().found();
    }

    private static DriftFigures driftUnchecked(Throwable reason) {
        LOG.warn("the kernel's maps could not be checked", reason);
        return DriftFigures.NONE;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    @Override
    public void close() {
        end("configuration", source.end);
        end("drift", driftTimer::shutdownNow);
        end("tls", this::endTls);
        end("control", control);
        end("turn", turn::give);
        end("cgroup tree", tree);
        end("metrics", this::lastMetrics);
        end("probes", probes);
        end("logs", this::lastLogs);
        end("export", data);
    }

    private void lastMetrics() {
        outputs.metrics().ifPresent(exporter -> {
            var export = new MetricExport(exporter, this::collect, LAST_METRICS);
            last(export::doWork, "metrics");
            export.close();
        });
        profiles.ifPresent(export -> {
            last(export::doWork, "profiles");
            export.close();
        });
        metricThread.shutdownNow();
    }

    private void last(Runnable export, String what) {
        try {
            metricThread.submit(export).get(LAST_METRICS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            LOG.debugf(e, "the last %s did not leave", what);
        }
    }

    private void lastLogs() {
        logTimer.shutdownNow();
        logs.ifPresent(export -> {
            export.doWork();
            export.close();
        });
    }

    private static void end(String part, AutoCloseable closing) {
        try {
            closing.close();
        } catch (Exception e) {
            LOG.errorf(e, "%s did not end well", part);
        }
    }
}
