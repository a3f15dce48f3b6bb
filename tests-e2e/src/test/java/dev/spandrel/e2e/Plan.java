package dev.spandrel.e2e;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What each client asks of each server: every kind of answer, every kind of body. The first path element names the pair, so that each side's log tells them apart. */
final class Plan {
    private static final int ROUNDS = 2;
    /** How often ab/client.sh sends each line: on connections of their own and kept alive. */
    private static final int AB_REQUESTS = 40;

    /** Sizes of what is asked for. */
    static final List<Integer> FILES = List.of(0, 100, 50_000, 70_000, 2_000_000);

    private static final List<String> REQUESTS = List.of(
            "GET bytes/100 - 0",
            "GET bytes/0 - 0",
            "GET bytes/2000000 - 0",
            "GET chunks/70000 - 0",
            "GET gzip/50000 - 0",
            "HEAD bytes/100 - 0",
            "HEAD bytes/2000000 - 0",
            "GET status/404 - 0",
            "GET status/503 - 0",
            "DELETE status/204 - 0",
            "OPTIONS status/204 - 0",
            "POST echo/sized sized 20",
            "POST echo/empty sized 0",
            "PATCH echo/large sized 300000",
            "PUT echo/chunked chunked 100000",
            "POST echo/expect expect 1500000");

    private Plan() {}

    /** Lines of the client's standard input. */
    static List<String> of(Programs.Client client, Programs.Server server, int port) {
        Stream<String> requests = client.simple()
                ? Stream.of("GET bytes/100 - 0", "GET bytes/70000 - 0")
                : IntStream.range(0, ROUNDS).boxed().flatMap(round -> REQUESTS.stream());
        return requests.map(request -> request.replaceFirst(" ", " " + port + " /" + pair(client, server) + "/"))
                .toList();
    }

    /** What a client that was given these lines logs when all goes well. */
    static List<String> outcome(Programs.Client client, List<String> plan) {
        return plan.stream()
                .map(line -> line.split(" "))
                .flatMap(
                        word -> Collections.nCopies(
                                client.simple() ? AB_REQUESTS : 1, word[0] + " " + word[2] + " " + status(word[2]))
                                .stream())
                .toList();
    }

    private static String status(String path) {
        return path.contains("/status/") ? path.substring(path.lastIndexOf('/') + 1) : "200";
    }

    private static String pair(Programs.Client client, Programs.Server server) {
        return server.name() + "." + client.name();
    }
}
