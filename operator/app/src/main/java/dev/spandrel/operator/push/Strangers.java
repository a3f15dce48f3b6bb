package dev.spandrel.operator.push;

import dev.spandrel.operator.push.Gate.Guest;
import java.time.Duration;
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

    /** Who is in a handshake has to think, and its processor may be busy. */
    static final Duration THINKING = Duration.ofSeconds(3);

    private final Gate.Limits limits;
    /** Those that the operator has something to do for. */
    private final Set<Guest> served = new HashSet<>();
    /** Those that have said nothing yet, the one that has been silent longest first. */
    private final Map<Guest, Long> mute = new LinkedHashMap<>();
    /** Those that are to go on, the one that has been silent longest first. */
    private final Map<Guest, Long> thinking = new LinkedHashMap<>();

    private final Set<Guest> speaking = new HashSet<>();

    Strangers(Gate.Limits limits) {
        this.limits = limits;
    }

    boolean haveRoom() {
        return served.size() < limits.served()
                && speaking.size() < limits.handshakes()
                && served.size() + mute.size() + thinking.size() < limits.strangers();
    }

    /** One that gives way where there is no room: such as would make room. */
    Optional<Guest> silent(long now) {
        Optional<Guest> thoughtful = longest(thinking, now, THINKING);
        return speaking.size() >= limits.handshakes()
                ? thoughtful
                : longest(mute, now, SILENCE).or(() -> thoughtful);
    }

    private static Optional<Guest> longest(Map<Guest, Long> since, long now, Duration patience) {
        return Stream.ofNullable(
                        since.isEmpty() ? null : since.entrySet().iterator().next())
                .filter(one -> now - one.getValue() > patience.toNanos())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    Guest came(Guest guest) {
        served.add(guest);
        return guest;
    }

    void spoke(Guest guest) {
        if (mute.remove(guest) != null || thinking.remove(guest) != null || served.contains(guest)) {
            served.add(guest);
            speaking.add(guest);
        }
    }

    void turn(Guest guest, long now) {
        if (served.remove(guest)) {
            (speaking.contains(guest) ? thinking : mute).put(guest, now);
        }
    }

    boolean contains(Guest guest) {
        return served.contains(guest) || mute.containsKey(guest) || thinking.containsKey(guest);
    }

    /** It is none any more. */
    void known(Guest guest) {
        served.remove(guest);
        speaking.remove(guest);
        mute.remove(guest);
        thinking.remove(guest);
    }
}
