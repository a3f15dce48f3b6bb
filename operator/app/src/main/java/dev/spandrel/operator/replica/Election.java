package dev.spandrel.operator.replica;

import dev.spandrel.operator.cluster.Clients;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Which of several operators writes: the holder of a Lease. Who holds it and cannot renew it stops writing by its own clock, before another one may begin. Nothing else depends on it: an
 * API server that is away elects nobody, and agents are served all the same.
 */
public final class Election implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Election.class);
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final Replica self;
    private final Terms terms;
    private final Outcome outcome;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("election").daemon().factory());

    private volatile long until = System.nanoTime();
    // Of the thread.
    private Optional<Claim> seen = Optional.empty();
    private Optional<Replica> leader = Optional.empty();

    /** What comes of it; called by the election's thread. */
    public interface Outcome {
        /** The leader is another one than before, or there is none. */
        void leader(Optional<Replica> leader, boolean isSelf);
    }

    public Election(
            KubernetesClient client, String namespace, String name, Replica self, Terms terms, Outcome outcome) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.self = self;
        this.terms = terms;
        this.outcome = outcome;
    }

    public void start() {
        thread.scheduleWithFixedDelay(this::look, 0, terms.retry().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether this one may write, now. */
    public boolean leads() {
        return System.nanoTime() - until < 0;
    }

    private void look() {
        try {
            stand();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) { // another one was faster
                LOG.warnf("the Lease %s/%s cannot be held or read: %s; trying again", namespace, name, e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.error("standing for election failed; trying again", e);
        }
        if (leader.filter(self::equals).isPresent() && !leads()) {
            elected(Optional.empty());
        }
    }

    private void stand() {
        long now = System.nanoTime(); // before the request: what it grants counts from here
        Lease lease = client.leases().inNamespace(namespace).withName(name).get();
        if (lease == null) {
            client.resource(claimed(
                            new LeaseBuilder()
                                    .withNewMetadata()
                                    .withNamespace(namespace)
                                    .withName(name)
                                    .endMetadata()
                                    .build(),
                            0))
                    .create();
            hold(now);
            return;
        }
        Claim claim =
                lease.getSpec() == null ? new Claim("", "", terms.lease(), 0, now) : Claim.of(lease.getSpec(), now);
        Claim known = seen.map(one -> one.or(claim)).orElse(claim);
        seen = Optional.of(known);
        if (known.isOf(self) || known.isOver(now)) {
            client.resource(Clients.withoutManagedFields(
                            claimed(lease, claim.transitions() + (known.isOf(self) ? 0 : 1))))
                    .update();
            hold(now);
        } else {
            elected(Replica.parse(claim.holder()));
        }
    }

    private void hold(long from) {
        until = from + terms.deadline().toNanos();
        elected(Optional.of(self));
    }

    private void elected(Optional<Replica> now) {
        if (!now.equals(leader)) {
            leader = now;
            LOG.infof("the operator that writes: %s", now.map(Replica::toString).orElse("none"));
            outcome.leader(now, now.filter(self::equals).isPresent());
        }
    }

    /** With the resource version that was read: of two who take it one is refused. */
    private Lease claimed(Lease lease, int transitions) {
        boolean renewal = lease.getSpec() != null
                && self.toString().equals(lease.getSpec().getHolderIdentity());
        ZonedDateTime now = Instant.now().atZone(ZoneOffset.UTC);
        return new LeaseBuilder(lease)
                .editOrNewSpec()
                .withHolderIdentity(self.toString())
                .withLeaseDurationSeconds((int) terms.lease().toSeconds())
                .withAcquireTime(renewal ? lease.getSpec().getAcquireTime() : now)
                .withRenewTime(now)
                .withLeaseTransitions(transitions)
                .endSpec()
                .build();
    }

    /** Lets it go, so that another one need not wait for it to be over. */
    @Override
    public void close() {
        thread.shutdownNow();
        if (!leads()) {
            return;
        }
        until = System.nanoTime();
        try {
            Lease lease = client.leases().inNamespace(namespace).withName(name).get();
            if (lease != null && self.toString().equals(lease.getSpec().getHolderIdentity())) {
                client.resource(Clients.withoutManagedFields(new LeaseBuilder(lease)
                                .editSpec()
                                .withHolderIdentity("")
                                .endSpec()
                                .build()))
                        .update();
            }
        } catch (KubernetesClientException e) {
            LOG.warnf("the Lease %s/%s is held until it is over: %s", namespace, name, e.getMessage());
        }
    }
}
