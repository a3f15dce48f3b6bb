package dev.spandrel.operator;

import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.cluster.Definitions;
import dev.spandrel.operator.cluster.Events;
import dev.spandrel.operator.cluster.NodeInventory;
import dev.spandrel.operator.cluster.ObjectInventory;
import dev.spandrel.operator.cluster.PodInventory;
import dev.spandrel.operator.inspect.Access;
import dev.spandrel.operator.inspect.InspectionService;
import dev.spandrel.operator.inspect.Reviews;
import dev.spandrel.operator.push.Heard;
import dev.spandrel.operator.push.NodeStreams;
import dev.spandrel.operator.push.Nodes;
import dev.spandrel.operator.push.PushServer;
import dev.spandrel.operator.reconcile.ProbeSetReconciler;
import dev.spandrel.operator.reconcile.TracePolicyReconciler;
import dev.spandrel.operator.replica.Election;
import dev.spandrel.operator.replica.Elsewhere;
import dev.spandrel.operator.replica.Relay;
import dev.spandrel.operator.replica.Replica;
import dev.spandrel.operator.replica.Terms;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** The operator's parts: all are built, then started, and ended in the opposite order. */
final class Parts implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Parts.class);

    /** How often losses are looked at, seconds. */
    private static final int LOSSES = 30;

    /** When a fleet comes back the API server is to have time for its tokens. */
    private static final int STATUSES_AT_ONCE = 4;

    private static final int OBJECTS_SECONDS = 10;

    private final KubernetesClient client;
    private final Doors doors;
    private final Scope scope;
    private final boolean keepWithoutCrd;
    private final Optional<Candidacy> candidacy;
    private final Nodes nodes = new Nodes(System::nanoTime, this::progressed);
    private final Elsewhere elsewhere = new Elsewhere(System::nanoTime, node -> heard(Heard.ofAll(node)));
    private final Relay relay;
    private volatile Optional<Election> election = Optional.empty();
    private final TracePolicyReconciler reconciler;
    private final ProbeSetReconciler probes;
    private final PodInventory pods;
    private final NodeInventory nodeLabels;
    private final ObjectInventory objects;
    private final Operator controllers;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("losses").daemon().factory());
    private final NodeStreams streams;
    private final List<PushServer> servers = new ArrayList<>();

    /**
     * Standing for the one that writes.
     *
     * @param namespace of the Lease
     * @param lease its name
     * @param host where others reach this one
     */
    record Candidacy(String namespace, String lease, String host, Terms terms) {
        static final String LEASE = "spandrel-operator";
    }

    /**
     * @param keepWithoutCrd whether policies that go with their definition hold on
     * @param candidacy absent: there is no other operator, and this one writes
     */
    Parts(KubernetesClient client, Doors doors, Scope scope, boolean keepWithoutCrd, Optional<Candidacy> candidacy) {
        this.client = client;
        this.doors = doors;
        this.keepWithoutCrd = keepWithoutCrd;
        this.candidacy = candidacy;
        this.relay = new Relay(nodes, doors.introduction()::to);
        this.streams = new NodeStreams(nodes, doors.refusals());
        this.scope = scope;
        KubernetesClient reading = Clients.ofInventories(client);
        this.pods = new PodInventory(reading, id -> reconciler().desired().workload(id));
        this.nodeLabels =
                new NodeInventory(reading, () -> reconciler().desired().changed());
        this.objects = new ObjectInventory(client, () -> reconciler().desired().changed());
        Events events = new Events(client, instance());
        this.probes = new ProbeSetReconciler(
                () -> reconciler().desired(),
                objects,
                nodeLabels::labels,
                node -> elsewhere.progress(nodes, node),
                this::leads,
                events::publish);
        this.reconciler = new TracePolicyReconciler(
                pods,
                probes,
                scope,
                () -> keepWithoutCrd && Definitions.isGone(client),
                nodes::target,
                node -> elsewhere.progress(nodes, node),
                this::leads,
                events::publish);
        Gauge.builder("spandrel.operator.nodes", nodes, Nodes::connected)
                .tag("state", "connected")
                .register(Metrics.globalRegistry);
        Gauge.builder("spandrel.operator.nodes", nodes, Nodes::current)
                .tag("state", "current")
                .register(Metrics.globalRegistry);
        this.controllers = new Operator(configuration -> configuration
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false)
                .withConcurrentReconciliationThreads(STATUSES_AT_ONCE)
                .withStopOnInformerErrorDuringStartup(false) // a connection that ends is no reason: try again
                .withReconciliationTerminationTimeout(Duration.ofSeconds(1)));
        // All events: a deletion is to be seen, and a finalizer would hold policies hostage while the operator is away.
        controllers.register(
                reconciler,
                controller -> controller.withFieldManager("spandrel-operator").withTriggerReconcilerOnAllEvents(true));
        controllers.register(
                probes,
                controller -> controller
                        .withFieldManager("spandrel-operator")
                        .withTriggerReconcilerOnAllEvents(true)
                        // What may be attached is in the status: whoever does not write it is told by its changes.
                        .withGenerationAware(false));
    }

    private TracePolicyReconciler reconciler() {
        return reconciler;
    }

    private void progressed(Heard heard) {
        heard(heard);
        relay.changed(heard.node());
    }

    private void heard(Heard heard) {
        reconciler.progressed(heard);
        probes.progressed(heard);
    }

    boolean leads() {
        return candidacy.isEmpty() || election.filter(Election::leads).isPresent();
    }

    /** Agents may connect at once; they are told nothing before the caches are complete. */
    void start() throws IOException {
        if (doors.inspection().isPresent()) {
            servers.add(PushServer.listen(doors.agents(), streams, elsewhere));
            servers.add(PushServer.listen(doors.inspection().get(), inspection()));
        } else {
            servers.add(PushServer.listen(doors.agents(), streams, elsewhere, inspection()));
        }
        candidacy.ifPresent(this::stand);
        Definitions.Found found = Definitions.await(client, this::leads);
        pods.start().toCompletableFuture().join();
        nodeLabels.start().toCompletableFuture().join();
        awaitObjects();
        controllers.start();
        reconciler.desired().start(keepWithoutCrd && found == Definitions.Found.MISSING);
        timer.scheduleWithFixedDelay(nodes::publishLosses, LOSSES, LOSSES, TimeUnit.SECONDS);
    }

    /** The rest does not wait for ever: a role from before there were objects does not give the right to list ConfigMaps. */
    private void awaitObjects() {
        try {
            objects.start().toCompletableFuture().copy().get(OBJECTS_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            LOG.warn(
                    "ConfigMaps cannot be listed (is the ClusterRole of this version applied?): probes of compiled objects wait");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void stand(Candidacy standing) {
        Replica self = new Replica(
                instance() + "." + UUID.randomUUID().toString().substring(0, 8), standing.host() + ":" + port());
        Election standingFor = new Election(
                client, standing.namespace(), standing.lease(), self, standing.terms(), (leader, isSelf) -> {
                    relay.follow(leader.filter(_ -> !isSelf));
                    if (isSelf) {
                        elsewhere.listen();
                        reconciler.lead();
                        probes.lead();
                    }
                });
        election = Optional.of(standingFor);
        standingFor.start();
    }

    private InspectionService inspection() {
        // Who comes through a port-forward is to show who they are; on one machine, who can reach a loopback address is
        // on it.
        Access access = doors.inspection().isPresent() ? new Reviews(client) : Access.OPEN;
        return new InspectionService(
                () -> reconciler.desired().current(), pods::find, nodes, access, scope, InstantSource.system());
    }

    private static String instance() {
        return Objects.requireNonNullElse(System.getenv("HOSTNAME"), "spandrel-operator");
    }

    /** How many there have been, to all nodes. */
    long pushes() {
        return nodes.pushes();
    }

    boolean isConnected(String node) {
        return nodes.progress(node).disconnectedNanos().isEmpty();
    }

    /** Of the agents' door, where they are counted. */
    int connections() {
        return doors.agents().connections();
    }

    int port() {
        return servers.getFirst().port();
    }

    @Override
    public void close() {
        election.ifPresent(Election::close);
        relay.close();
        servers.forEach(PushServer::close);
        streams.close();
        doors.close();
        timer.shutdownNow();
        reconciler.close();
        probes.close();
        controllers.stop();
        pods.close();
        nodeLabels.close();
        objects.close();
    }
}
