package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code --pin} the programs are at work while no agent is, and the next one goes on; in a BPF file system of the test's own. */
final class PinE2E {
    private static final Pattern PROGRAMS = Pattern.compile("programs (loaded|found) in .*?: \\{(.*)}");

    private final TestCgroup cgroup = TestCgroup.make("pin");
    private final TestCgroup clients = TestCgroup.make("pin-clients");
    private final int port = Ports.free();
    private Policies policies;
    private Path pins;

    @TempDir
    Path directory;

    @BeforeEach
    void begin() throws IOException {
        pins = Files.createDirectory(directory.resolve("bpf"));
        run("mount", "-t", "bpf", "spandrel-test", pins.toString());
        cgroup.start(
                directory.resolve("server.out"),
                List.of("python3", Checkout.server("answers.py").toString(), "" + port));
        Ports.awaitListening(port);
        policies = Policies.in(directory);
        policies.write("pin", cgroup, "roles: [Server]\nsampling: {percent: 100}\n");
    }

    @AfterEach
    void end() {
        clients.close();
        cgroup.close();
        run("umount", pins.toString());
    }

    /** What is asked for before, during and across the absence is a span each, and counted. */
    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void aKilledAgentIsFollowedByOneThatGoesOn(String backend) {
        Sender sender = Sender.start(clients, port, 2);
        Sender slow = Sender.start(clients, port, 1);
        try (AgentProcess first = start("--backend", backend)) {
            first.awaitSelected(1);
            ask(sender, "before", 20);
            Await.until("the first agent's spans", () -> first.spans().size() == 20);
            slow.send("GET", "/200/3000/across", 0, "");
            ask(sender, "begun", 1);
            Await.until("one more", () -> first.spans().size() == 21);
            first.kill();
        }
        ask(sender, "between", 30);
        try (AgentProcess second = start("--backend", backend)) {
            assertThat(slow.status()).isEqualTo(200);
            second.awaitSelected(1);
            ask(sender, "after", 10);
            Await.before(() -> second.spans().size() >= 41);

            assertThat(second.spans().stream().map(Span::path))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.of(paths("between", 30), paths("after", 10), List.of("/200/3000/across"))
                                    .flatMap(List::stream)
                                    .toList());
            Span across = second.awaitSpan("across", span -> span.path().endsWith("across"));
            assertThat(across.end() - across.start()).isGreaterThanOrEqualTo(3_000_000_000L);
            assertThat(second.lost()).isEmpty();
            assertThat(second.metric("http_server_request_duration_seconds_count", ""))
                    .isEqualTo(62);
            List<MatchResult> said = PROGRAMS.matcher(second.log()).results().toList();
            assertThat(said.stream().map(one -> one.group(1))).containsExactly("loaded", "found");
            assertThat(ids(said.getLast())).isNotEmpty().isEqualTo(ids(said.getFirst()));
            assertThat(second.log()).doesNotContain("ERROR");
        }
    }

    /** An orderly end leaves them, too; another size of the ring takes their place; when nothing is selected any more they are gone. */
    @Test
    void whatIsPinnedIsReplacedByWhatIsOtherAndGoesWithTheLastPolicy() throws IOException {
        try (AgentProcess first = start()) {
            first.awaitSelected(1);
        }
        List<Path> pinned = pinned();
        assertThat(pinned).hasSize(1);
        try (AgentProcess other = start("--ring-bytes", "" + (1 << 20))) {
            other.awaitSelected(1);
            Await.until("the one place of the other", () -> pinned().size() == 1 && !pinned().equals(pinned));
            Sender sender = Sender.start(clients, port, 1);
            ask(sender, "other", 5);
            Await.until("its spans", () -> other.spans().size() == 5);
            policies.delete("pin");
            Await.until("nothing is pinned", () -> pinned().isEmpty());
        }
    }

    /** The first agent that finds nothing selected removes what was left. */
    @Test
    void whatNobodyAsksForAnyMoreIsRemovedAtTheStart() {
        try (AgentProcess first = start()) {
            first.awaitSelected(1);
            first.kill();
        }
        assertThat(pinned()).hasSize(1);
        policies.delete("pin");
        try (AgentProcess second = start()) {
            Await.until("nothing is pinned", () -> pinned().isEmpty());
        }
    }

    /** Killed while it loads, or between its links: what is not whole is not gone on with. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void killedBeforeItWasAtWork(int links) {
        try (AgentProcess first = start()) {
            Await.until("so many links", () -> {
                BpfHeld held = BpfHeld.by(first);
                return !held.programs().isEmpty() && held.links().size() >= links;
            });
            first.kill();
        }
        try (AgentProcess second = start()) {
            second.awaitSelected(1);
            Sender sender = Sender.start(clients, port, 1);
            ask(sender, "again", 5);
            Await.until("its spans", () -> second.spans().size() == 5);
            assertThat(pinned()).hasSize(1);
        }
    }

    /** One that shares neither turn nor state with the agent that is at work there. */
    @Test
    void aStrangerIsRefusedWhileAnotherIsAtWork() throws IOException {
        try (AgentProcess first = start()) {
            first.awaitSelected(1);
            Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
            try (DevProcess stranger = agentElsewhere(elsewhere)) {
                assertThat(stranger.awaitEnd()).isEqualTo(4);
                assertThat(stranger.log()).contains("another agent is at work with " + pins);
            }
            Sender sender = Sender.start(clients, port, 1);
            ask(sender, "undisturbed", 5);
            Await.until("the first agent's spans", () -> first.spans().size() == 5);
            assertThat(pinned()).hasSize(1);
            first.kill();
            try (DevProcess successor = agentElsewhere(elsewhere)) {
                successor.awaitLog("programs found in");
            }
        }
    }

    private DevProcess agentElsewhere(Path elsewhere) {
        return DevProcess.start(
                elsewhere,
                Map.of(),
                "agent",
                List.of(
                        "--pin",
                        pins.toString(),
                        "--policies",
                        policies.directory().toString(),
                        "--state-dir",
                        elsewhere.toString(),
                        "--http",
                        "127.0.0.1:" + Ports.free()));
    }

    /** Of programs, with their names. */
    private static Set<String> ids(MatchResult said) {
        return Set.of(said.group(2).split(", "));
    }

    private AgentProcess start(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "--pin", pins.toString(), "--policies", policies.directory().toString()));
        all.addAll(List.of(more));
        return AgentProcess.start(directory, all.toArray(String[]::new));
    }

    private List<Path> pinned() {
        try (Stream<Path> all = Files.list(pins)) {
            return all.filter(path -> path.getFileName().toString().startsWith("sensor_"))
                    .toList(); // the file system has files of its own
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> paths(String name, int count) {
        return Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(i -> "/200/0/" + name + i)
                .toList();
    }

    private static void ask(Sender sender, String name, int count) {
        for (String path : paths(name, count)) {
            sender.send("GET", path, 0, "");
            assertThat(sender.status()).isEqualTo(200);
        }
    }

    private static void run(String... command) {
        try {
            assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                    .as(String.join(" ", command))
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
