package dev.spandrel.e2e;

import static dev.spandrel.e2e.ServerAndClients.PYTHON;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * HTTP/2 by ALPN and HTTP/1.1 through libraries of TLS: nginx, curl and Python on OpenSSL, Node on OpenSSL by way of memory, and BoringSSL and rustls linked into libraries that kept
 * their symbols. Each request that nginx has in its log is a span of the server, and of the client one as the client wrote it down.
 */
final class TlsLibrariesE2E {
    private static final List<String> CLIENTS = List.of("curl", "node", "records", "boringssl", "rustls");
    /** libssl, Node, and the libraries of curl_cffi and obstore. */
    private static final int FILES = 4;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyRequestIsASpanAtBothEnds(String backend) throws Exception {
        Certificate.make(directory);
        try (ServerAndClients all = ServerAndClients.in(directory, "http2-tls")) {
            Path configuration = Nginx.configuration(directory, "secure.conf", Map.of("PORT", all.port()));
            all.serve("nginx", "-e", "stderr", "-c", configuration.toString());
            all.client("curl", "tls/curl.sh", all.port());
            all.heldClient(
                    "node", List.of("node", "-e", "setTimeout(() => {}, 600000)"), "node", "tls/http2.js", all.port());
            all.heldClient("records", idle("ssl"), PYTHON, "tls/records.py", all.port());
            all.heldClient("boringssl", idle("curl_cffi"), PYTHON, "tls/boringssl.py", all.port());
            all.heldClient("rustls", idle("obstore"), PYTHON, "tls/rustls.py", all.port());
            try (AgentProcess agent = all.trace(backend, TlsLibrariesE2E::awaitProbes)) {
                compare(agent, all);
            }
        }
    }

    /** The library is there before the client is, as in a container that runs already. */
    private static List<String> idle(String module) {
        return List.of(PYTHON, "-c", "import time, " + module + "; time.sleep(600)");
    }

    private static void awaitProbes(AgentProcess agent) {
        Await.until("probes", () -> agent.metric("spandrel_tls_files", "") >= FILES);
    }

    private void compare(AgentProcess agent, ServerAndClients all) {
        List<String> asked =
                CLIENTS.stream().flatMap(name -> all.lines(name).stream()).toList();
        Await.before(() -> agent.spans().size() >= 2 * asked.size());
        List<String> received = received();
        List<String> differences = new ArrayList<>();
        differences.addAll(Differences.of("the clients' lines and the server's log", asked, without(received)));
        differences.addAll(
                Differences.of("the clients' lines and their spans", asked, without(seen(agent, Span.CLIENT))));
        differences.addAll(Differences.of("the server's log and its spans", received, seen(agent, Span.SERVER)));
        assertThat(differences).isEmpty();
        assertThat(received).hasSizeGreaterThan(500);
        assertThat(received.stream().filter(line -> line.endsWith(" HTTP/2.0"))).hasSizeGreaterThan(400);
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.spans(span -> span.kind() == Span.SERVER))
                .allSatisfy(span -> assertThat(span.attribute("url.scheme")).isEqualTo("https"));
        // A first request that came with the handshake's last bytes may be over before its socket is known: then it has
        // no peer, and never a wrong one.
        assertThat(agent.spans())
                .allSatisfy(span ->
                        assertThat(span.attribute("network.peer.address")).isIn("127.0.0.1", ""));
        assertThat(agent.spans(span -> span.attribute("network.peer.address").isEmpty()))
                .hasSizeLessThan(asked.size() / 50);
    }

    /** METHOD PATH STATUS VERSION */
    private List<String> received() {
        try {
            return Files.readAllLines(directory.resolve("received.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> seen(AgentProcess agent, int kind) {
        return agent.spans(span -> span.kind() == kind).stream()
                .map(TlsLibrariesE2E::line)
                .toList();
    }

    private static String line(Span span) {
        String version = span.attribute("network.protocol.version");
        return Stream.of(
                        span.attribute("http.request.method"),
                        span.path(),
                        span.attribute("http.response.status_code"),
                        version.equals("2") ? "HTTP/2.0" : "HTTP/" + version)
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
    }

    private static List<String> without(List<String> lines) {
        return lines.stream()
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
    }
}
