import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** com.sun.net.httpserver on eight threads. usage: java Server.java PORT */
final class Server {
    public static void main(String... arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 128);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", Server::answer);
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        String path = exchange.getRequestURI().getPath();
        String kind = path.split("/")[2];
        int argument = kind.equals("echo") ? 2 : Integer.parseInt(path.split("/")[3]);
        int status = kind.equals("status") ? argument : 200;
        System.out.println(exchange.getRequestMethod() + " " + path + " " + status);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        byte[] body = kind.equals("gzip") ? packed(exchange, argument) : new byte[kind.equals("status") ? 0 : argument];
        if (head && !kind.equals("chunks")) {
            exchange.getResponseHeaders().set("Content-Length", "" + body.length);
        }
        // 0 is "chunked" to this server, -1 "no body".
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : kind.equals("chunks") ? 0 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            if (!head) {
                out.write(body);
            }
        }
    }

    private static byte[] packed(HttpExchange exchange, int size) throws IOException {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[size]);
        }
        return packed.toByteArray();
    }
}
