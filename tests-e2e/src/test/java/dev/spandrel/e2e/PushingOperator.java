package dev.spandrel.e2e;

import dev.spandrel.contract.v1.Acknowledgement;
import dev.spandrel.contract.v1.NodeStreamGrpc;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Report;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** An operator that has no API server: it pushes what a test says to its only agent. */
final class PushingOperator extends NodeStreamGrpc.NodeStreamImplBase implements AutoCloseable {
    private final Server server;
    private final Map<String, Acknowledgement> answers = new ConcurrentHashMap<>();
    private volatile Optional<StreamObserver<Push>> agent = Optional.empty();

    PushingOperator() {
        try {
            server = OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public StreamObserver<Report> connect(StreamObserver<Push> pushes) {
        agent = Optional.of(pushes);
        return new StreamObserver<>() {
            @Override
            public void onNext(Report report) {
                Acknowledgement answer = report.getAcknowledgement();
                answers.put(answer.getNonce(), answer);
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {}
        };
    }

    /** Everything that the agent is to do from now on; its answer. */
    Acknowledgement push(String version, Push.Builder everything) {
        Await.value("the agent's stream", () -> agent)
                .onNext(everything
                        .setNonce(version)
                        .setVersion(version)
                        .setFull(true)
                        .build());
        return Await.value("an answer to " + version, () -> Optional.ofNullable(answers.get(version)));
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
