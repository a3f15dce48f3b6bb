package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.StreamRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** What is known of one connection: the tables of both directions, and what is open on it. */
final class Connection {
    /** Open at once, on one connection; of more the oldest are given up. */
    static final int MOST = 1024;

    final Blocks asked = new Blocks();
    final Blocks answered = new Blocks();
    private final Map<Integer, Exchange> open = new LinkedHashMap<>();
    private long closingSince;
    private End close = End.COMPLETE;

    Blocks blocks(boolean answer) {
        return answer ? answered : asked;
    }

    Optional<Exchange> get(int stream) {
        return Optional.ofNullable(open.get(stream));
    }

    /** Answers the one that had to make room, if any. */
    Optional<Exchange> put(int stream, Exchange exchange) {
        open.put(stream, exchange);
        if (open.size() <= MOST) {
            return Optional.empty();
        }
        Iterator<Exchange> oldest = open.values().iterator();
        Exchange given = oldest.next();
        oldest.remove();
        return Optional.of(given);
    }

    void remove(int stream) {
        open.remove(stream);
    }

    /** Takes out all on these streams. */
    List<Exchange> take(IntPredicate streams) {
        List<Exchange> taken = new ArrayList<>();
        open.entrySet().removeIf(entry -> streams.test(entry.getKey()) && taken.add(entry.getValue()));
        return taken;
    }

    /** News were lost: perhaps of the end of any of these. */
    void doubt(long now) {
        for (Exchange exchange : open.values()) {
            if (exchange.doubtedSince == 0) {
                exchange.doubtedSince = now;
            }
        }
    }

    /** Takes out what has been in doubt since then or longer. */
    List<Exchange> doubtedBefore(long time) {
        List<Exchange> taken = new ArrayList<>();
        open.values().removeIf(one -> one.doubtedSince != 0 && one.doubtedSince < time && taken.add(one));
        return taken;
    }

    /** It is closed, but its owner goes on reading. */
    void closing(StreamRecord news) {
        closingSince = news.time();
        close = End.of(news.code());
    }

    boolean isClosedBefore(long time) {
        return closingSince != 0 && closingSince < time;
    }

    long closingSince() {
        return closingSince;
    }

    End close() {
        return close;
    }

    boolean isIdle() {
        return open.isEmpty();
    }
}
