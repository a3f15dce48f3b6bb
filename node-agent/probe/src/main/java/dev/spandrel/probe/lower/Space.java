package dev.spandrel.probe.lower;

/** Whose memory something is in. */
enum Space {
    /** Of the process that the program finds itself in. */
    PROCESS,
    /** Anything of the kernel's. */
    KERNEL,
    /** The program's own, what it was called with, and what built-in names read themselves. */
    OWN;

    static Space of(boolean user) {
        return user ? PROCESS : KERNEL;
    }
}
