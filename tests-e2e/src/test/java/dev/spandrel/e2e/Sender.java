package dev.spandrel.e2e;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A client in a cgroup of the test's: one request after the other, on keep-alive connections that take turns. */
final class Sender {
    private final BufferedWriter requests;
    private final BufferedReader answers;

    private Sender(Process process) {
        requests = process.outputWriter();
        answers = process.inputReader();
    }

    static Sender start(TestCgroup cgroup, int port, int connections) {
        return new Sender(cgroup.converse(
                List.of("python3", Checkout.server("sender.py").toString(), "" + port, "" + connections)));
    }

    /** Sends, and does not wait for the answer; {@link #status} does. An empty traceparent is left out. */
    void send(String method, String path, int bodyBytes, String traceparent) {
        try {
            requests.write(String.join(" ", method, path, "" + bodyBytes, traceparent) + "\n");
            requests.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the oldest request whose answer nobody has asked for yet. */
    int status() {
        try {
            return Integer.parseInt(answers.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
