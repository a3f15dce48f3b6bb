package dev.spandrel.agent.control;

import java.time.Duration;
import java.util.Optional;

/** Whether an operator is there, and for how long none has been. One that lets an agent in and sends it away again was not. Used on one thread. */
final class Absence {
    /** An operator that holds a stream for so long means it: refusals come at once. */
    static final Duration PROOF = Duration.ofSeconds(2);

    /** Runs something later, on the same thread; gives what prevents it. */
    @FunctionalInterface
    interface Timer {
        Runnable after(Duration time, Runnable action);
    }

    private final Optional<Duration> limit;
    private final Timer timer;
    private final Runnable tooLong;
    private final Runnable isThere;
    private Optional<Runnable> end = Optional.empty();
    private Runnable proof = () -> {};
    private boolean streaming;
    private boolean overdue;
    private boolean ended;

    /** @param isThere told when an operator has proven to mean it, by what it says or by staying */
    Absence(Optional<Duration> limit, Timer timer, Runnable tooLong, Runnable isThere) {
        this.limit = limit;
        this.timer = timer;
        this.tooLong = tooLong;
        this.isThere = isThere;
    }

    /** No stream, from now on. */
    void alone() {
        streaming = false;
        proof.run();
        if (overdue) end();
        else if (!ended && end.isEmpty()) end = limit.map(time -> timer.after(time, this::over));
    }

    /** There is a stream; whether an operator that means it is at its other end, is to be seen. */
    void streaming() {
        streaming = true;
        proof = timer.after(PROOF, this::there);
    }

    void there() {
        proof.run();
        end.ifPresent(Runnable::run);
        end = Optional.empty();
        overdue = false;
        ended = false;
        isThere.run();
    }

    private void over() {
        if (streaming) overdue = true;
        else end();
    }

    private void end() {
        end = Optional.empty();
        overdue = false;
        ended = true;
        tooLong.run();
    }
}
