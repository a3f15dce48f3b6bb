package dev.spandrel.operator.identity;

import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/** Counts every refusal; logs one of a kind each ten seconds, with how many there were since. */
public final class Refusals {
    private static final Logger LOG = Logger.getLogger(Refusals.class);
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final Map<Refusal, Kind> kinds = new EnumMap<>(Refusal.class);

    private static final class Kind {
        private Instant logged = Instant.EPOCH;
        private int since;
    }

    public Refusals(InstantSource clock) {
        this.clock = clock;
        for (Refusal reason : Refusal.values()) {
            kinds.put(reason, new Kind());
        }
    }

    /** @param caller for the log */
    public void refused(Refusal reason, String caller, String message) {
        Metrics.counter("spandrel.operator.refused", "reason", reason.name().toLowerCase(Locale.ROOT))
                .increment();
        Kind kind = kinds.get(reason);
        int since;
        synchronized (kind) {
            Instant now = clock.instant();
            if (now.isBefore(kind.logged.plus(QUIET))) {
                kind.since++;
                return;
            }
            kind.logged = now;
            since = kind.since;
            kind.since = 0;
        }
        LOG.warnf(
                "refused %s: %s%s",
                caller, message, since == 0 ? "" : " (and " + since + " more since the last line of this kind)");
    }
}
