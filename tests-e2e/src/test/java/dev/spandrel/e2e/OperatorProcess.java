package dev.spandrel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code ./dev operator} as a process of its own. */
final class OperatorProcess implements AutoCloseable {
    private final Process process;

    private OperatorProcess(Process process) {
        this.process = process;
    }

    /** Starts the operator and waits until agents can connect. */
    static OperatorProcess start(Path directory, Kubectl cluster, int port) {
        ProcessBuilder builder = new ProcessBuilder(
                AgentProcess.ROOT.resolve("dev").toString(),
                "operator",
                "--listen",
                "127.0.0.1:" + port,
                "--http",
                "127.0.0.1:" + Ports.free());
        builder.environment().put("KUBECONFIG", cluster.kubeconfig());
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("operator.log").toFile()));
        try {
            OperatorProcess operator = new OperatorProcess(builder.start());
            Ports.awaitListening(port);
            return operator;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                kill();
                throw new AssertionError("SIGTERM did not end the operator within 5 s");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
