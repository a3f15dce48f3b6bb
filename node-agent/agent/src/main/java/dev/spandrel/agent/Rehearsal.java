package dev.spandrel.agent;

import dev.spandrel.agent.program.Sensors;
import dev.spandrel.ebpf.Native;

/**
 * What loading does besides the kernel's part, done once, and for nothing, while the agent starts: the first time takes twice as long as the next one, and there is a processor free for it.
 */
final class Rehearsal {
    private Rehearsal() {}

    /** On a thread of its own. */
    static void start() {
        Thread.ofPlatform().daemon().name("rehearsal").start(Rehearsal::run);
    }

    private static void run() {
        try {
            Native.prepare();
            Sensors.open(Layouts::differences);
        } catch (RuntimeException | LinkageError e) {
            // Who loads is told.
        }
    }
}
