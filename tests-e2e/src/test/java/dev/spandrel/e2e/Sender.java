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

    /** One whose request lines are split between the messages of a sendmmsg; it takes paths alone. */
    static Sender inBatches(TestCgroup cgroup, int port) {
        return new Sender(
                cgroup.converse(List.of("python3", Checkout.server("batches.py").toString(), "" + port)));
    }

    void get(String path) {
        line(path);
    }

    /** Sends, and does not wait for the answer; {@link #status} does. An empty traceparent is left out. */
    void send(String method, String path, int bodyBytes, String traceparent) {
        line(String.join(" ", method, path, "" + bodyBytes, traceparent));
    }

    private void line(String request) {
        try {
            requests.write(request + "\n");
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
