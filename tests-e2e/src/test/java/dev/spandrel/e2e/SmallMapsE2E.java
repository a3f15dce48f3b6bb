package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each map that fills up with what is traced has room for eight, and a crowd needs more at once: it is answered all the same, what is lost is counted, and afterwards all is as before. */
final class SmallMapsE2E {
    private static final int ROOM = 8;
    private static final int CONNECTIONS = 64;

    private final TestCgroup cgroup = TestCgroup.make("small");

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        cgroup.close();
    }

    /** `without`: what a request that found no room does without. */
    @ParameterizedTest
    @CsvSource({
        "pipeline, pipeline, pipeline, its span, socklen",
        "pipeline, pipeline, pipeline, its span, sysexit",
        "pipeline, numbered, pipeline, its span, socklen",
        "pipeline, numbered, pipeline, its span, sysexit",
        "carry,    carry,    carry,    its span, socklen",
        "carry,    carry,    carry,    its span, sysexit",
        "waiting,  waiting,  waiting,  its end,  socklen",
        "waiting,  waiting,  waiting,  its end,  sysexit",
        "conns,    idle,     '',       nothing,  sysexit",
        "sessions, secure,   '',       nothing,  socklen",
        "sessions, secure,   '',       nothing,  sysexit",
        "carriers, secure,   '',       nothing,  socklen",
        "carriers, secure,   '',       nothing,  sysexit",
    })
    void aCrowdInASmallMap(String map, String crowd, String reason, String without, String backend) throws IOException {
        boolean encrypted = crowd.equals("secure");
        Process program = start(crowd, encrypted);
        Policies policies = Policies.in(directory);
        policies.write("small", cgroup, "roles: [Client]\nsampling: {percent: 100}\n");
        try (AgentProcess agent = AgentProcess.start(
                directory,
                "--backend",
                backend,
                "--map-entries",
                map + "=" + ROOM,
                "--policies",
                policies.directory().toString())) {
            agent.awaitSelected(1);
            if (encrypted) Await.until("the probes of OpenSSL", () -> agent.metric("spandrel_tls_files", "") >= 1);
            int sent = round(program);
            Await.until("a span, or a loss, of each request", () -> accounted(agent, without) >= sent);
            Map<String, Integer> lost = agent.lost();
            if (reason.isEmpty()) assertThat(lost).isEmpty();
            else assertThat(lost).containsOnlyKeys(reason);
            assertThat(accounted(agent, without)).isEqualTo(sent);

            agent.forgetSpans();
            int again = round(program);
            Await.until("a span of each request", () -> agent.spans().size() >= again);
            assertThat(agent.spans()).hasSize(again);
            assertThat(agent.lost()).isEqualTo(lost);
        }
    }

    private Process start(String crowd, boolean encrypted) {
        var command = new ArrayList<>(
                List.of("python3", Checkout.server("crowd.py").toString(), "" + Ports.free(), "" + CONNECTIONS, crowd));
        if (encrypted) {
            Certificate.make(directory);
            command.add(directory.toString());
        }
        return cgroup.converse(command);
    }

    private static int accounted(AgentProcess agent, String without) {
        int lost = without.equals("its span")
                ? agent.lost().values().stream().mapToInt(Integer::intValue).sum()
                : 0;
        return agent.spans().size() + lost;
    }

    /** Asks for a round; returns how many requests it was, each of which was answered as it should be. */
    private static int round(Process program) throws IOException {
        program.outputWriter().write("go\n");
        program.outputWriter().flush();
        String said = program.inputReader().readLine();
        assertThat(said).as("what the crowd says when all is answered").isNotNull();
        return Integer.parseInt(said);
    }
}
