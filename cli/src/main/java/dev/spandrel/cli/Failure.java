package dev.spandrel.cli;

/** The command cannot be done; the message says what to do. */
final class Failure extends RuntimeException {
    private final Exit exit;

    Failure(Exit exit, String message) {
        super(message, null, false, false);
        this.exit = exit;
    }

    Exit exit() {
        return exit;
    }
}
