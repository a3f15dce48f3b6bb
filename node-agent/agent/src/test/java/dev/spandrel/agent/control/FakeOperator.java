package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.NodeStreamGrpc;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Report;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An operator that pushes what a test says and keeps what is reported. */
final class FakeOperator extends NodeStreamGrpc.NodeStreamImplBase implements AutoCloseable {
    private final Server server;
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<StreamObserver<Push>> streams = new LinkedBlockingQueue<>();

    FakeOperator(int port) throws IOException {
        server = OkHttpServerBuilder.forPort(port, InsecureServerCredentials.create())
                .addService(this)
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public StreamObserver<Report> connect(StreamObserver<Push> pushes) {
        streams.add(pushes);
        return new StreamObserver<>() {
            @Override
            public void onNext(Report report) {
                reports.add(report);
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {}
        };
    }

    StreamObserver<Push> stream() throws InterruptedException {
        return required(streams);
    }

    /** The next of this kind; others are passed over. */
    Report report(Report.KindCase kind) throws InterruptedException {
        while (true) {
            var report = required(reports);
            if (report.getKindCase() == kind) return report;
        }
    }

    private static <T> T required(BlockingQueue<T> queue) throws InterruptedException {
        var next = queue.poll(20, TimeUnit.SECONDS);
        if (next == null) throw new AssertionError("nothing came");
        return next;
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }
}
