package dev.spandrel.e2e;

import java.util.List;
import java.util.Optional;

/**
 * The real servers and clients of {@code tests-e2e/programs}, whose README says what each does. In the commands, {BUILT} is where
 * {@code ./dev test} puts what has to be compiled or installed, {PORT} the server's own port, and a name in @ signs a file of the folder with its placeholders
 * filled in.
 */
final class Programs {
    /** A proxy hands each request on to the server named by {@code upstream}. */
    record Server(String name, Optional<String> upstream, List<String> command) {}

    /** A simple client only knows a plan of GETs, and sends each as often as it says. */
    record Client(String name, boolean simple, List<String> command) {}

    static final List<Server> SERVERS = List.of(
            server("nginx", "nginx", "-e", "stderr", "-c", "@nginx/static.conf@"),
            server("go", "{BUILT}/go", "server", "{PORT}"),
            server("java", "{JAVA}", "java/Server.java", "{PORT}"),
            server("node", "node", "node/server.js", "{PORT}"),
            server("threaded", "{BUILT}/python/bin/python", "python/threaded_server.py", "{PORT}"),
            server(
                    "gunicorn",
                    "{BUILT}/python/bin/gunicorn",
                    "--chdir",
                    "python",
                    "-w",
                    "2",
                    "--threads",
                    "4",
                    "-b",
                    "127.0.0.1:{PORT}",
                    "wsgi"),
            server(
                    "uvicorn",
                    "{BUILT}/python/bin/uvicorn",
                    "--app-dir",
                    "python",
                    "--no-access-log",
                    "--port",
                    "{PORT}",
                    "asgi:application"),
            proxy("nginx-proxy", "threaded", "nginx", "-e", "stderr", "-c", "@nginx/proxy.conf@"),
            proxy("haproxy", "node", "haproxy", "-db", "-f", "@haproxy/haproxy.cfg@"));

    static final List<Client> CLIENTS = List.of(
            client("curl", "curl/client.sh"),
            client("go", "{BUILT}/go", "client"),
            client("java", "{JAVA}", "java/Client.java"),
            client("node", "node", "node/http_client.js"),
            client("fetch", "node", "node/fetch_client.js"),
            client("requests", "{BUILT}/python/bin/python", "python/requests_client.py"),
            new Client("ab", true, List.of("ab/client.sh")));

    /** Each kind of TLS library, as a server and as a client. */
    static final List<Server> TLS_SERVERS = List.of(
            server("nginx", "nginx", "-e", "stderr", "-c", "@nginx/tls.conf@"),
            server("go", "env", "TLS={FILES}", "{BUILT}/go", "server", "{PORT}"),
            server("node", "env", "TLS={FILES}", "node", "node/server.js", "{PORT}"),
            server(
                    "threaded",
                    "env",
                    "TLS={FILES}",
                    "{BUILT}/python/bin/python",
                    "python/threaded_server.py",
                    "{PORT}"));

    static final List<Client> TLS_CLIENTS = List.of(
            client("curl", "env", "TLS=on", "curl/client.sh"),
            client("go", "env", "TLS=on", "{BUILT}/go", "client"),
            client("node", "env", "TLS=on", "node", "node/http_client.js"),
            client("requests", "env", "TLS=on", "{BUILT}/python/bin/python", "python/requests_client.py"));

    private Programs() {}

    private static Server server(String name, String... command) {
        return new Server(name, Optional.empty(), List.of(command));
    }

    private static Server proxy(String name, String upstream, String... command) {
        return new Server(name, Optional.of(upstream), List.of(command));
    }

    private static Client client(String name, String... command) {
        return new Client(name, false, List.of(command));
    }
}
