package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent with the capabilities that config/base gives it and no others; and what each of them is needed for. */
final class CapabilitiesE2E {
    private static final Pattern ADDED = Pattern.compile("add: \\[([A-Z_, ]+)]");

    private final int port = Ports.free();
    private final TestCgroup cgroup = TestCgroup.make("capabilities");

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        serve(port, "-m", "http.server", "--bind", "127.0.0.1", "" + port);
    }

    /** Another user's process, which is not called as its executable is. */
    private void serve(int at, String... arguments) {
        List<String> line = new ArrayList<>(
                List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3"));
        line.addAll(List.of(arguments));
        cgroup.start(directory.resolve("server.out"), line);
        Ports.awaitListening(at);
    }

    @AfterEach
    void stop() {
        cgroup.close();
    }

    @Test
    void thoseOfConfigBaseAreEnough() throws IOException {
        assertThat(given()).as("each has its test here").containsExactlyInAnyOrder("BPF", "PERFMON", "SYS_PTRACE");
        assertThat(executableSeenBy(given())).isEqualTo(executable());
    }

    /** Probes on a library that a process of another user maps, found and opened through /proc. */
    @Test
    void theyAreEnoughForWhatIsEncrypted() throws IOException, InterruptedException {
        int secure = serveTls();
        try (AgentProcess agent = agent(given())) {
            Await.until("probes on libssl", () -> agent.metric("spandrel_tls_files", "") >= 1);
            ask(secure);
            Span span = agent.awaitSpan("the request", one -> one.path().equals("/encrypted"));
            assertThat(span.attribute("url.scheme")).isEqualTo("https");
        }
    }

    @Test
    void withoutThisOneWhatOtherUsersEncryptIsNotSeen() throws IOException, InterruptedException {
        int secure = serveTls();
        try (AgentProcess agent = agent(without("SYS_PTRACE"))) {
            ask(secure);
            new Load(port, "/plain").requests(1);
            agent.awaitSpan("a later request in plain text", one -> one.path().equals("/plain"));
            assertThat(agent.spans(one -> one.path().equals("/encrypted"))).isEmpty();
            assertThat(agent.metric("spandrel_tls_files", "")).isZero();
        }
    }

    private int serveTls() throws IOException {
        Certificate.make(directory);
        for (Path readable : List.of(directory, directory.resolve("key.pem"))) {
            Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        int secure = Ports.free();
        serve(secure, "-c", """
                import http.server, ssl, sys
                server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler)
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(sys.argv[2] + "/cert.pem", sys.argv[2] + "/key.pem")
                server.socket = context.wrap_socket(server.socket, server_side=True)
                server.serve_forever()
                """, "" + secure, directory.toString());
        return secure;
    }

    private void ask(int secure) throws IOException, InterruptedException {
        Process curl = new ProcessBuilder(
                        "curl",
                        "-sS",
                        "-o",
                        "/dev/null",
                        "--cacert",
                        "cert.pem",
                        "https://127.0.0.1:" + secure + "/encrypted")
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertThat(curl.waitFor()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BPF", "PERFMON"})
    void withoutOneOfTheseItEndsWithTheReason(String capability) throws IOException {
        String policies = Policies.in(directory).directory().toString();
        DevProcess agent = DevProcess.start(
                with(without(capability)), directory, Map.of(), "agent", List.of("--policies", policies));
        assertThat(agent.awaitEnd()).as(agent.log()).isEqualTo(3);
        assertThat(agent.log())
                .contains("nothing can be traced here: capabilities: this process may not load BPF programs")
                .contains("CAP_BPF and CAP_PERFMON");
    }

    @Test
    void withoutThisOneTheExecutablesOfOtherUsersAreNotKnown() throws IOException {
        assertThat(executableSeenBy(without("SYS_PTRACE"))).isNotEqualTo(executable());
    }

    private Object executableSeenBy(List<String> capabilities) {
        try (AgentProcess agent = agent(capabilities)) {
            new Load(port, "/").requests(1);
            return agent.awaitSpan("the request", span -> span.path().equals("/"))
                    .resource()
                    .get("process.executable.name");
        }
    }

    /** With a policy in the kernel. */
    private AgentProcess agent(List<String> capabilities) {
        Policies policies = Policies.in(directory);
        policies.write("all", cgroup, "sampling: {percent: 100}\n");
        AgentProcess agent = AgentProcess.startBy(
                with(capabilities),
                directory,
                "--policies",
                policies.directory().toString());
        agent.awaitSelected(1);
        return agent;
    }

    private static String executable() throws IOException {
        Path python = Path.of("/usr/bin/python3").toRealPath();
        assertThat(python.getFileName().toString()).isNotEqualTo("python3");
        return python.getFileName().toString();
    }

    private static List<String> given() throws IOException {
        Matcher added = ADDED.matcher(Files.readString(Checkout.ROOT.resolve("config/base/agent.yaml")));
        assertThat(added.find()).isTrue();
        return List.of(added.group(1).split(", "));
    }

    private static List<String> without(String capability) throws IOException {
        return given().stream().filter(one -> !one.equals(capability)).toList();
    }

    /** Root, but for the capabilities that it does not have. */
    private static List<String> with(List<String> capabilities) {
        String set = "-all,+"
                + capabilities.stream().map(one -> one.toLowerCase(Locale.ROOT)).collect(Collectors.joining(",+"));
        return List.of("setpriv", "--inh-caps=-all", "--bounding-set=" + set, "--no-new-privs");
    }
}
