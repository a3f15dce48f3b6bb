package dev.spandrel.operator.push;

import dev.spandrel.operator.push.Gate.Guest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Those of whom nobody knows who they are: whose turn it is, and since when. Of one thread at a time. */
final class Strangers {
    /** Who connects has its first words ready. */
    static final Duration SILENCE = Duration.ofSeconds(1);

    /** In a handshake one has to think. */
    static final Duration THINKING = Duration.ofSeconds(3);

    /** How many times as long as those that come in anybody may think: where their processors are busy, they are the same for all. */
    private static final int TIMES = 4;

    private static final int REMEMBERED = 8;

    private final Gate.Limits limits;
    /** Those that the operator has something to do for. */
    private final Set<Guest> served = new HashSet<>();
    /** Those that have not said enough to be answered, the one that has been silent longest first. */
    private final Map<Guest, Long> mute = new LinkedHashMap<>();
    /** Those that are to go on, the one that has been silent longest first. */
    private final Map<Guest, Long> thinking = new LinkedHashMap<>();
    /** Those that were answered, and when first. */
    private final Map<Guest, Long> answered = new HashMap<>();
    /** How long those that came in lately took from then on, nanoseconds. */
    private long usual;

    Strangers(Gate.Limits limits) {
        this.limits = limits;
    }

    boolean haveRoom() {
        return served.size() < limits.served()
                && answered.size() < limits.handshakes()
                && served.size() + mute.size() + thinking.size() < limits.strangers();
    }

    /** One that gives way: of those that are in the way, the one that has been silent longest. */
    Optional<Guest> silent(long now) {
        if (served.size() >= limits.served()) {
            return Optional.empty(); // nobody but the operator is
        }
        Optional<Guest> thoughtful = longest(thinking, now, Math.max(THINKING.toNanos(), TIMES * usual));
        return answered.size() >= limits.handshakes()
                ? thoughtful
                : longest(mute, now, SILENCE.toNanos()).or(() -> thoughtful);
    }

    private static Optional<Guest> longest(Map<Guest, Long> since, long now, long patience) {
        return Stream.ofNullable(
                        since.isEmpty() ? null : since.entrySet().iterator().next())
                .filter(one -> now - one.getValue() > patience)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    void came(Guest guest) {
        served.add(guest);
    }

    void spoke(Guest guest) {
        if (mute.remove(guest) != null || thinking.remove(guest) != null) {
            served.add(guest);
        }
    }

    void answered(Guest guest, long now) {
        if (contains(guest)) {
            answered.putIfAbsent(guest, now);
        }
    }

    void turn(Guest guest, long now) {
        if (served.remove(guest)) {
            (answered.containsKey(guest) ? thinking : mute).put(guest, now);
        }
    }

    boolean contains(Guest guest) {
        return served.contains(guest) || mute.containsKey(guest) || thinking.containsKey(guest);
    }

    /** It has come in. */
    void known(Guest guest, long now) {
        Long since = answered.get(guest);
        if (since != null) {
            usual += (now - since - usual) / REMEMBERED;
        }
        left(guest);
    }

    void left(Guest guest) {
        served.remove(guest);
        answered.remove(guest);
        mute.remove(guest);
        thinking.remove(guest);
    }
}
