package dev.spandrel.agent.event;

import dev.spandrel.ebpf.RecordConsumer;
import java.time.Duration;

/** A loaded sensor as the drain thread sees it. */
public interface RecordSource {
    /** Hands out at most {@code limit} records and answers how many. */
    int drain(RecordConsumer records, int limit);

    /** Lets the kernel emit exchanges that have been quiet for so long. */
    void flush(Duration quiet);

    /** Lets the kernel forget connections that are idle. */
    void forgetIdle();

    /** Waits for the kernel's wake-up, at most so long. */
    void await(Duration timeout);
}
