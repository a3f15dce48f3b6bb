package dev.spandrel.operator.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Whether the API server answers, told by what becomes of the requests that are made anyhow. Said twice per outage, at its begin and its end, however many requests fail in it; threads of the client.
 */
final class Contact implements Interceptor {
    private static final Logger LOG = Logger.getLogger(Contact.class);

    private final LongSupplier clock;
    private boolean away;
    private long since;

    Contact(LongSupplier clock) {
        this.clock = clock;
        Gauge.builder("spandrel.operator.api.server.answers", this, contact -> contact.isAway() ? 0 : 1)
                .description("0 while the API server does not answer")
                .register(Metrics.globalRegistry);
    }

    synchronized boolean isAway() {
        return away;
    }

    @Override
    public synchronized void afterConnectionFailure(HttpRequest request, Throwable failure) {
        if (!away) {
            away = true;
            since = clock.getAsLong();
            LOG.warnf(
                    "the API server does not answer (%s %s: %s): agents are served by what is known, and no status is written; trying again",
                    request.method(), request.uri().getPath(), failure);
        }
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        answered();
    }

    private synchronized void answered() {
        if (away) {
            away = false;
            LOG.infof(
                    "the API server answers again, after %d s",
                    Duration.ofNanos(clock.getAsLong() - since).toSeconds());
        }
    }
}
