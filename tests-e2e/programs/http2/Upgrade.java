import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** usage: Upgrade.java PORT: the JDK's client, which asks to go over to HTTP/2 with its first request. METHOD PATH STATUS a line. */
final class Upgrade {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    public static void main(String[] arguments) {
        ask(arguments[0], "/java-upgrade/bytes/10").join();
        for (int i = 0; i < 20; i++) {
            ask(arguments[0], "/java/bytes/" + i * 1000).join();
        }
        List<CompletableFuture<?>> atOnce = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            atOnce.add(ask(arguments[0], "/java/bytes/" + i * 2000));
        }
        atOnce.forEach(CompletableFuture::join);
        ask(arguments[0], "/java/status/404").join();
    }

    private static CompletableFuture<?> ask(String port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("x-secret", "s3cr3t")
                .build();
        return CLIENT.sendAsync(request, BodyHandlers.discarding()).thenAccept(response -> {
            if (response.version() != HttpClient.Version.HTTP_2) {
                throw new IllegalStateException(path + " by " + response.version());
            }
            System.out.println("GET " + path + " " + response.statusCode());
        });
    }
}
