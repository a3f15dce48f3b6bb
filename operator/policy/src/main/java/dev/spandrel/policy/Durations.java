package dev.spandrel.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the schema writes them: 1h, 1m30s, 250ms. */
final class Durations {
    private static final Pattern FORM =
            Pattern.compile("(?:([0-9]{1,6})h)?(?:([0-9]{1,7})m)?(?:([0-9]{1,7})s)?(?:([0-9]{1,7})ms)?");

    private Durations() {}

    static Optional<Duration> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofHours(part(parts, 1))
                .plusMinutes(part(parts, 2))
                .plusSeconds(part(parts, 3))
                .plusMillis(part(parts, 4)));
    }

    /** The other way round; none is {@code off}. */
    static String text(long nanos) {
        if (nanos == 0) {
            return "off";
        }
        if (nanos < 0 || nanos % 1_000_000 != 0) {
            return Long.toUnsignedString(nanos) + "ns";
        }
        Duration duration = Duration.ofNanos(nanos);
        return part(duration.toHours(), "h")
                + part(duration.toMinutesPart(), "m")
                + part(duration.toSecondsPart(), "s")
                + part(duration.toMillisPart(), "ms");
    }

    private static String part(long count, String unit) {
        return count == 0 ? "" : count + unit;
    }

    private static long part(Matcher parts, int group) {
        return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
    }
}
