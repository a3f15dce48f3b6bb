package dev.spandrel.operator.push;

import dev.spandrel.operator.identity.Arrivals;
import dev.spandrel.operator.identity.Refusal;
import dev.spandrel.operator.identity.Refusals;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How many connections there may be, and how many of them from whom nobody knows yet. Where there is no more room a stranger that has been silent for a while gives way: whoever has
 * something to say says it at once, and so half-open connections keep nobody out. Any thread.
 */
final class Gate implements Arrivals {
    static final int MOST = 20_000;
    static final int MOST_STRANGERS = 2_048;

    /** Longer than a busy operator takes to read what is there. */
    static final Duration SILENCE = Duration.ofSeconds(1);

    private final int most;
    private final int mostStrangers;
    private final LongSupplier clock;
    private final Refusals refusals;
    /** The one that has been silent longest first. */
    private final Map<Guest, Long> strangers = new LinkedHashMap<>();

    private final Map<SocketAddress, Guest> guests = new HashMap<>();

    /** Somebody who is connected. */
    interface Guest {
        SocketAddress address();

        void close();
    }

    /** @param clock nanoseconds */
    Gate(int most, int mostStrangers, LongSupplier clock, Refusals refusals) {
        this.most = most;
        this.mostStrangers = mostStrangers;
        this.clock = clock;
        this.refusals = refusals;
    }

    /** False: there is no room, and no silent stranger to make it. */
    boolean enter(Guest guest) {
        Optional<Guest> silent = Optional.empty();
        synchronized (this) {
            if (guests.size() >= most || strangers.size() >= mostStrangers) {
                silent = silent();
                if (silent.isEmpty()) {
                    refusals.refused(Refusal.FULL, guest.address().toString(), "there are too many connections");
                    return false;
                }
                leave(silent.get());
            }
            guests.put(guest.address(), guest);
            strangers.put(guest, clock.getAsLong());
        }
        silent.ifPresent(one -> {
            refusals.refused(Refusal.GAVE_WAY, one.address().toString(), "it said nothing, and somebody else came");
            one.close();
        });
        return true;
    }

    private Optional<Guest> silent() {
        return strangers.entrySet().stream()
                .findFirst()
                .filter(longest -> clock.getAsLong() - longest.getValue() > SILENCE.toNanos())
                .map(Map.Entry::getKey);
    }

    synchronized void spoke(Guest guest) {
        if (strangers.remove(guest) != null) {
            strangers.put(guest, clock.getAsLong()); // behind all others
        }
    }

    /** It shows who it is, and it is the operator that is to find out: that it says no more meanwhile is no silence. */
    @Override
    public synchronized void asks(SocketAddress from) {
        Guest guest = guests.get(from);
        if (guest != null) {
            strangers.remove(guest);
        }
    }

    @Override
    public synchronized void refused(SocketAddress from) {
        Guest guest = guests.get(from);
        if (guest != null) {
            strangers.put(guest, clock.getAsLong());
        }
    }

    synchronized void leave(Guest guest) {
        guests.remove(guest.address(), guest);
        strangers.remove(guest);
    }

    synchronized int connections() {
        return guests.size();
    }
}
