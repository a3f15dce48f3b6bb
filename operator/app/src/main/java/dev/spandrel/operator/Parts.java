package dev.spandrel.operator;

import dev.spandrel.operator.cluster.Definitions;
import dev.spandrel.operator.cluster.Events;
import dev.spandrel.operator.cluster.PodInventory;
import dev.spandrel.operator.inspect.Access;
import dev.spandrel.operator.inspect.InspectionService;
import dev.spandrel.operator.inspect.Reviews;
import dev.spandrel.operator.push.Nodes;
import dev.spandrel.operator.push.PushServer;
import dev.spandrel.operator.reconcile.TracePolicyReconciler;
import dev.spandrel.policy.Scope;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The operator's parts: all are built, then started, and ended in the opposite order. */
final class Parts implements AutoCloseable {
    /** How often losses are looked at, seconds. */
    private static final int LOSSES = 30;

    private final KubernetesClient client;
    private final InetSocketAddress listen;
    private final Scope scope;
    private final Nodes nodes = new Nodes(System::nanoTime, node -> reconciler().progressed(node));
    private final TracePolicyReconciler reconciler;
    private final PodInventory pods;
    private final Operator controllers;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("losses").daemon().factory());
    private PushServer server;

    /** @param keepWithoutCrd whether policies that go with their definition hold on */
    Parts(KubernetesClient client, InetSocketAddress listen, Scope scope, boolean keepWithoutCrd) {
        this.client = client;
        this.listen = listen;
        this.scope = scope;
        this.pods = new PodInventory(client, () -> reconciler().desired().changed());
        this.reconciler = new TracePolicyReconciler(
                pods::current,
                scope,
                () -> keepWithoutCrd && Definitions.isGone(client),
                nodes,
                new Events(client, instance())::publish);
        this.controllers = new Operator(configuration -> configuration
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false)
                .withReconciliationTerminationTimeout(Duration.ofSeconds(1)));
        // All events: a deletion is to be seen, and a finalizer would hold policies hostage while the operator is away.
        controllers.register(
                reconciler,
                controller -> controller.withFieldManager("spandrel-operator").withTriggerReconcilerOnAllEvents(true));
    }

    private TracePolicyReconciler reconciler() {
        return reconciler;
    }

    /** Agents may connect at once; they are told nothing before the caches are complete. */
    void start() throws IOException {
        server = PushServer.listen(listen, nodes, inspection());
        pods.start().toCompletableFuture().join();
        controllers.start();
        reconciler.desired().start();
        timer.scheduleWithFixedDelay(nodes::publishLosses, LOSSES, LOSSES, TimeUnit.SECONDS);
    }

    private InspectionService inspection() {
        // Who can reach a loopback address is on this machine.
        Access access = listen.getAddress().isLoopbackAddress() ? Access.OPEN : new Reviews(client);
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

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        timer.shutdownNow();
        reconciler.desired().close();
        controllers.stop();
        pods.close();
    }
}
