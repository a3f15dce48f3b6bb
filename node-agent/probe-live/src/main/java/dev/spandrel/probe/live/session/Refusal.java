package dev.spandrel.probe.live.session;

/** The kernel took a program or an attach point not; the message is for people. */
public final class Refusal extends RuntimeException {
    public Refusal(String message) {
        super(message);
    }
}
