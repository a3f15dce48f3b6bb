package dev.spandrel.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Keep-alive requests to one path, each counted when its response is there. */
final class Load {
    private final HttpRequest request;
    private final AtomicLong sent = new AtomicLong();

    Load(int port, String path) {
        request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    long sent() {
        return sent.get();
    }

    void requests(int count) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < count; i++) {
                one(client);
            }
        }
    }

    private void one(HttpClient client) {
        try {
            client.send(request, HttpResponse.BodyHandlers.discarding());
            sent.incrementAndGet();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends from {@code threads} threads until stopped. */
    Running start(int threads) {
        return new Running(threads);
    }

    final class Running implements AutoCloseable {
        private final AtomicBoolean on = new AtomicBoolean(true);
        private final List<Thread> threads = new ArrayList<>();

        private Running(int count) {
            for (int i = 0; i < count; i++) {
                threads.add(Thread.ofPlatform().name("load-" + i).start(() -> {
                    try (HttpClient client = HttpClient.newHttpClient()) {
                        while (on.get()) {
                            one(client);
                        }
                    }
                }));
            }
        }

        long sent() {
            return sent.get();
        }

        void stop() {
            on.set(false);
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public void close() {
            stop();
        }
    }
}
