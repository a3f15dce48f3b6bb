package dev.spandrel.agent.program;

/** Nothing can be traced on this machine; the message says what is missing and what to do. */
public final class UnsupportedKernelException extends RuntimeException {
    UnsupportedKernelException(String message) {
        super(message);
    }

    UnsupportedKernelException(String message, Throwable cause) {
        super(message, cause);
    }
}
