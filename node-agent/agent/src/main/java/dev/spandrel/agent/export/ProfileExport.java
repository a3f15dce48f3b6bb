package dev.spandrel.agent.export;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Profiles on their way to the receiver. They wait while it is away, as far as there is room; what it refuses, or finds no room, is counted. Of one thread, but for what is lost. */
public final class ProfileExport {
    private static final Logger LOG = Logger.getLogger(ProfileExport.class);
    private static final int MOST_WAITING = 100_000;
    private static final int MOST_IN_REQUEST = 10_000;

    private final Receiver receiver;
    private final Supplier<List<CollectedProfile>> source;
    private final Duration timeout;
    private final Deque<CollectedProfile> waiting = new ArrayDeque<>();
    private final AtomicLong lost = new AtomicLong();
    private boolean failing;

    public ProfileExport(Receiver receiver, Supplier<List<CollectedProfile>> source, Duration timeout) {
        this.receiver = receiver;
        this.source = source;
        this.timeout = timeout;
    }

    /** Takes what there is, and sends what waits until it cannot. */
    public void doWork() {
        waiting.addAll(source.get());
        makeRoom();
        while (!waiting.isEmpty()) {
            List<CollectedProfile> batch = batch();
            switch (receiver.send(ProfileEncoder.encode(batch), samples(batch), timeout)) {
                case Outcome.Accepted _ -> arrives();
                case Outcome.Refused(String reason) -> {
                    lost.addAndGet(samples(batch));
                    fails(reason);
                }
                case Outcome.Retry(String reason) -> {
                    batch.reversed().forEach(waiting::addFirst);
                    fails(reason);
                    return;
                }
            }
        }
    }

    /** The oldest go first. */
    private void makeRoom() {
        int samples = samples(waiting);
        while (samples > MOST_WAITING) {
            int gone = waiting.removeFirst().samples();
            samples -= gone;
            lost.addAndGet(gone);
        }
    }

    private List<CollectedProfile> batch() {
        List<CollectedProfile> batch = new ArrayList<>();
        batch.add(waiting.removeFirst());
        while (!waiting.isEmpty() && samples(batch) + waiting.getFirst().samples() <= MOST_IN_REQUEST) {
            batch.add(waiting.removeFirst());
        }
        return batch;
    }

    private static int samples(Iterable<CollectedProfile> profiles) {
        int samples = 0;
        for (CollectedProfile one : profiles) samples += one.samples();
        return samples;
    }

    private void arrives() {
        if (failing) LOG.infof("profiles arrive again; %d samples are lost", lost.get());
        failing = false;
    }

    private void fails(String reason) {
        if (!failing) LOG.infof("profiles do not arrive at their receiver: %s", reason);
        failing = true;
    }

    /** Samples that did not leave and never will. */
    public long lost() {
        return lost.get();
    }

    public void close() {
        receiver.close();
    }
}
