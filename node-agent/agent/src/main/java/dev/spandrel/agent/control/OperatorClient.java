package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.Capability;
import dev.spandrel.contract.v1.HeldValues;
import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.ReadBack;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Keeps a stream to the operator: starts from the node config on disk, says what it holds, applies what is pushed, and comes
 * back after any break. One thread, "operator-client".
 */
public final class OperatorClient implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.control");
    private static final Duration STATUS_PERIOD = Duration.ofSeconds(1);

    private final OperatorAddress operator;
    private final Hello hello;
    private final Control control;
    private final ProbeTaker probes;
    private final StateFile state;
    private final AgentStatus status;
    private final Turn turn;
    private final Backoff backoff =
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10), RandomGenerator.getDefault());
    private final ManagedChannel channel;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("operator-client").daemon().factory());

    // Owned by the thread.
    private NodeConfig held = NodeConfig.getDefaultInstance();
    private int attempt;
    private boolean closed;
    private final Absence absence;

    /**
     * @param hello without a held version
     * @param offAfter nothing is traced any more once no operator has been there for so long; absent: what held last holds on
     * @param turn nobody is connected to before it is this agent's
     */
    public OperatorClient(
            OperatorAddress operator,
            Hello hello,
            Control control,
            ProbeTaker probes,
            StateFile state,
            AgentStatus status,
            Optional<Duration> offAfter,
            Turn turn) {
        this.operator = operator;
        this.hello = hello;
        this.control = control;
        this.probes = probes;
        this.state = state;
        this.status = status;
        this.turn = turn;
        this.channel = OperatorChannel.open(operator, thread);
        this.absence = new Absence(offAfter, this::after, this::switchOff, () -> attempt = 0);
    }

    public void start() {
        thread.execute(this::restore);
        thread.execute(turn::take);
        thread.execute(absence::alone);
        thread.execute(this::connect);
    }

    private Runnable after(Duration time, Runnable action) {
        var waiting = thread.schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
        return () -> waiting.cancel(false);
    }

    /** Whatever comes next from an operator is all there is to do: nothing is held any more. What is on disk stays, for an agent that is started anew. */
    private void switchOff() {
        held = NodeConfig.getDefaultInstance();
        control.standby(false);
        take(held, System.nanoTime());
        LOG.log(System.Logger.Level.WARNING, "no operator for too long: off until one is back");
    }

    /** Runs by what was in force before this process, until the operator says otherwise. */
    private void restore() {
        state.load().ifPresent(kept -> {
            held = kept;
            var outcome = take(kept, System.nanoTime());
            held = Held.after(kept, outcome);
            LOG.log(System.Logger.Level.INFO, "running by the node config from disk, version " + kept.getVersion());
        });
    }

    private void connect() {
        if (closed) return;
        LOG.log(System.Logger.Level.DEBUG, "connecting to operator {0}", operator.hostAndPort());
        new OperatorStream(this, thread)
                .open(
                        channel,
                        hello.toBuilder()
                                .setHeldVersion(held.getVersion())
                                .addCapabilities(Capability.CAPABILITY_READ_BACK)
                                .addCapabilities(Capability.CAPABILITY_STANDBY)
                                .addCapabilities(Capability.CAPABILITY_PROBES)
                                .addAllKnownFields(Unknown.known())
                                .addAllKnownProtocols(Unknown.knownProtocols())
                                .build(),
                        STATUS_PERIOD);
    }

    NodeConfig held() {
        return held;
    }

    Outcome apply(NodeConfig config, long noticed) {
        absence.there();
        var outcome = take(config, noticed);
        held = Held.after(config, outcome);
        state.save(held);
        return outcome;
    }

    private Outcome take(NodeConfig config, long noticed) {
        var traced = control.apply(config, noticed);
        var refused = probes.apply(config);
        return traced.join().and(refused.join());
    }

    HeldValues readBack(ReadBack question) {
        return control.readBack(question).join();
    }

    void standby(boolean loaded) {
        absence.there();
        control.standby(loaded);
    }

    void connected() {
        absence.streaming();
        LOG.log(System.Logger.Level.INFO, "connected to operator {0}", operator.hostAndPort());
    }

    AgentStatus status() {
        return status;
    }

    /** The stream has ended, for whatever reason; what is in the kernel stays. */
    void ended(String reason) {
        if (closed) return;
        absence.alone();
        var wait = backoff.before(attempt++);
        var level = attempt == 1 ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
        LOG.log(
                level,
                "operator {0} is away ({1}); running on, next attempt in {2} ms",
                operator.hostAndPort(),
                reason,
                Long.toString(wait.toMillis()));
        channel.resetConnectBackoff();
        thread.schedule(this::connect, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.execute(() -> closed = true);
        channel.shutdownNow();
        thread.shutdown();
    }
}
