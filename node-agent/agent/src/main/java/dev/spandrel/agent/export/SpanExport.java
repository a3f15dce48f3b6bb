package dev.spandrel.agent.export;

import dev.spandrel.agent.decorate.TracedResource;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.StatementRecord;
import dev.spandrel.agent.span.SpanWriter;
import dev.spandrel.agent.span.WallClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/** Takes batches from the queue, encodes and sends them. A batch is given up only if the receiver refuses it, or at the end. */
public final class SpanExport {
    private static final Logger LOG = Logger.getLogger(SpanExport.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final SpanQueue queue;
    private final Receiver receiver;
    private final Duration maxAge;
    private final Duration timeout;
    private final SpanEncoder encoder;
    private final WallClock clock = WallClock.system();
    private final SpanWriter spans = new SpanWriter(clock);
    private final ExchangeRecord exchange = new ExchangeRecord();
    private final StatementRecord statement = new StatementRecord();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final LongAdder exported = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private boolean away;

    public SpanExport(SpanQueue queue, Receiver receiver, String version, Duration maxAge, Duration timeout) {
        this.queue = queue;
        this.receiver = receiver;
        this.maxAge = maxAge;
        this.timeout = timeout;
        this.encoder = receiver.encoder(version);
    }

    /** Sends one batch, however often it takes. False: the queue was flushed and is empty. */
    public boolean doWork() throws InterruptedException {
        Batch batch = queue.take(maxAge);
        try {
            if (batch.count() == 0) {
                return false;
            }
            ByteBuffer request = encode(batch);
            if (batch.spans() > 0) {
                deliver(request, batch.spans());
            }
            return true;
        } finally {
            queue.release(batch);
        }
    }

    /** No more patience with a receiver that is away: one attempt for each batch that is left. */
    public void stop() {
        stopping.countDown();
        queue.flush();
    }

    public long exported() {
        return exported.sum();
    }

    /** Spans the receiver did not want, or that were still waiting for it at the end. */
    public long refused() {
        return refused.sum();
    }

    private ByteBuffer encode(Batch batch) {
        clock.refresh();
        encoder.start();
        for (int i = 0; i < batch.count(); i++) {
            TracedResource resource = batch.resource(i);
            if (resource == null) {
                spans.learn(batch.statement(i, statement));
            } else {
                spans.write(batch.record(i, exchange), resource.requestHeaders(), encoder.of(resource));
            }
        }
        return encoder.finish();
    }

    private void deliver(ByteBuffer request, int count) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            switch (receiver.send(request, count, timeout)) {
                case Outcome.Accepted _ -> {
                    exported.add(count);
                    if (away) {
                        LOG.infof("the receiver is back (%s)", receiver.description());
                        away = false;
                    }
                    return;
                }
                case Outcome.Refused(String reason) -> {
                    refused.add(count);
                    LOG.errorf("%d spans were refused by the receiver (%s): %s", count, receiver.description(), reason);
                    return;
                }
                case Outcome.Retry(String reason) -> {
                    if (!away) {
                        LOG.warnf(
                                "the receiver does not answer (%s): %s; spans wait for it",
                                receiver.description(), reason);
                        away = true;
                    }
                    if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                        refused.add(count);
                        return;
                    }
                    Duration longer = pause.multipliedBy(2);
                    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
                }
            }
        }
    }
}
