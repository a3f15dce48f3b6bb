package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.StreamRecord;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The first bytes of bodies of exchanges that are open, as the kernel tells them where a policy names what they say. They are of no use without a hole. */
final class Bodies {
    /** As many as the kernel keeps account of; of more, those that began first are let go. */
    private static final int MOST = 8192;

    /** Of one exchange. */
    static final class Kept {
        private final Text asked = new Text();
        private final Text answered = new Text();
        private final Slice slice = new Slice();

        /** Valid until the next call of either. */
        Slice asked() {
            return asked.into(slice);
        }

        Slice answered() {
            return answered.into(slice);
        }
    }

    static final Kept NONE = new Kept();

    private final Map<Exchange, Kept> open = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Exchange, Kept> eldest) {
            return size() > MOST;
        }
    };

    /** What goes on with what is here already, and belongs to a request that can be one that bodies tell. */
    void add(Exchange x, StreamRecord news) {
        boolean isLate = !news.isAnswer() && x.responseStart != 0;
        if (isLate || x.doubtedSince != 0 || !x.mayBeToldByBody()) {
            return;
        }
        Kept kept = news.isAnswer() ? open.get(x) : open.computeIfAbsent(x, _ -> new Kept());
        if (kept == null) {
            return;
        }
        Text text = news.isAnswer() ? kept.answered : kept.asked;
        if (text.length() == news.code()) {
            text.bytes(news.bytes(), news.from(), news.to() - news.from());
        }
    }

    /** The exchange is over. */
    Optional<Kept> take(Exchange x) {
        return Optional.ofNullable(open.remove(x));
    }
}
