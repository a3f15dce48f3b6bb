import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** java.net.http at its defaults: it offers an upgrade to h2c with each first request. usage: java Client.java <PLAN */
final class Client {
    public static void main(String... arguments) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                var threads = Executors.newFixedThreadPool(4);
                var plan = new BufferedReader(new InputStreamReader(System.in))) {
            var tasks = plan.lines().map(line -> (Callable<String>) () -> ask(client, line.split(" "))).toList();
            for (Future<String> answer : threads.invokeAll(tasks)) {
                System.out.println(answer.get());
            }
        }
    }

    private static String ask(HttpClient client, String[] plan) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plan[1] + plan[2]))
                .method(plan[0], body(plan[3], Integer.parseInt(plan[4])))
                .expectContinue(plan[3].equals("expect"))
                .build();
        int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        return plan[0] + " " + plan[2] + " " + status;
    }

    private static BodyPublisher body(String kind, int size) {
        return switch (kind) {
            case "-" -> BodyPublishers.noBody();
            case "chunked" -> BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[size]));
            default -> BodyPublishers.ofByteArray(new byte[size]);
        };
    }
}
