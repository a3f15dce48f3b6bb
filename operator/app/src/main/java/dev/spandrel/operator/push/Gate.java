package dev.spandrel.operator.push;

import dev.spandrel.operator.identity.Arrivals;
import dev.spandrel.operator.identity.Refusal;
import dev.spandrel.operator.identity.Refusals;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * How many connections there may be, and how many of them from whom nobody knows yet. Whoever finds no room waits outside, in the kernel's queue. Of those inside, one that has been silent for a while though
 * it is its turn gives way: whoever has something to say says it at once, and so half-open connections keep nobody out. One that waits for the operator is not silent. Any thread.
 */
final class Gate implements Arrivals {
    private final Limits limits;
    private final LongSupplier clock;
    private final Refusals refusals;
    private final Map<SocketAddress, Guest> guests = new HashMap<>();
    private final Strangers strangers;
    private Runnable onRoom = () -> {};
    private boolean shut;

    /** Somebody who is connected. */
    interface Guest {
        SocketAddress address();

        void close();
    }

    /**
     * @param connections also of those who are known
     * @param strangers the others
     * @param handshakes of strangers, those that were answered: they take memory
     * @param served of strangers, those whose turn it is not: of many that are begun at once none is done in time
     */
    record Limits(int connections, int strangers, int handshakes, int served) {
        static final Limits USUAL = new Limits(20_000, 2_048, 1_024, 64);
    }

    /** @param clock nanoseconds */
    Gate(Limits limits, LongSupplier clock, Refusals refusals) {
        this.limits = limits;
        this.clock = clock;
        this.refusals = refusals;
        this.strangers = new Strangers(limits);
    }

    /** @param action run after somebody who came had to wait outside, when there is room again */
    synchronized void onRoom(Runnable action) {
        onRoom = action;
    }

    /** Whether somebody may come in; if not, it is told when there is room. */
    boolean isOpen() {
        List<Guest> gone = new ArrayList<>();
        boolean open;
        synchronized (this) {
            while (!strangers.haveRoom()) {
                Guest silent = strangers.silent(clock.getAsLong()).orElse(null);
                if (silent == null) {
                    break;
                }
                leave(silent);
                gone.add(silent);
            }
            open = strangers.haveRoom();
            shut = !open;
        }
        giveWay(gone);
        return open;
    }

    /** False: there are as many connections as may be, and none of a silent stranger. */
    boolean enter(Guest guest) {
        List<Guest> gone;
        synchronized (this) {
            gone = guests.size() < limits.connections()
                    ? List.of()
                    : strangers.silent(clock.getAsLong()).stream().toList();
            gone.forEach(this::leave);
            if (guests.size() < limits.connections()) {
                guests.put(guest.address(), guest);
                strangers.came(guest);
            } else {
                refusals.refused(Refusal.FULL, guest.address().toString(), "there are too many connections");
                return false;
            }
        }
        giveWay(gone);
        return true;
    }

    private void giveWay(List<Guest> gone) {
        gone.forEach(one -> {
            refusals.refused(Refusal.GAVE_WAY, one.address().toString(), "it said nothing, and somebody else came");
            one.close();
        });
    }

    /** Until it is its turn it is not they who are waited for. */
    synchronized void spoke(Guest guest) {
        strangers.spoke(guest);
    }

    /** It was told something: it is in a handshake. */
    synchronized void answered(Guest guest) {
        strangers.answered(guest, clock.getAsLong());
    }

    /** What it said is answered, as far as it can be: it is its turn. */
    void turn(Guest guest) {
        change(() -> strangers.turn(guest, clock.getAsLong()));
    }

    /** A call begins, which shows who it is: it is the operator that is to find out. */
    void calls(SocketAddress from) {
        change(() -> Stream.ofNullable(guests.get(from)).forEach(guest -> strangers.known(guest, clock.getAsLong())));
    }

    @Override
    public void refused(SocketAddress from) {
        change(() -> Stream.ofNullable(guests.get(from)).forEach(guest -> {
            strangers.came(guest);
            strangers.answered(guest, clock.getAsLong());
            strangers.turn(guest, clock.getAsLong());
        }));
    }

    void leave(Guest guest) {
        change(() -> {
            guests.remove(guest.address(), guest);
            strangers.left(guest);
        });
    }

    private void change(Runnable change) {
        Runnable then = () -> {};
        synchronized (this) {
            change.run();
            if (shut && strangers.haveRoom()) {
                shut = false;
                then = onRoom;
            }
        }
        then.run();
    }

    synchronized boolean knows(Guest guest) {
        return !strangers.contains(guest);
    }

    synchronized int connections() {
        return guests.size();
    }
}
