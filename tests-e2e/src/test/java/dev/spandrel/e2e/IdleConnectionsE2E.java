package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 50,000 idle keep-alive connections: none is on the list that the flush walks, so the flush costs what it costs without them,
 * and each is still followed exactly.
 */
final class IdleConnectionsE2E {
    private static final int CLIENTS = 4;
    private static final int WANTED = 50_000;
    private static final long ROOM_KIB = 32 * 1024;

    @TempDir
    Path directory;

    @Test
    void idleConnectionsDoNotWait() throws IOException {
        int each = Math.min(WANTED / CLIENTS, openFilesLimit() - 500);
        int port = Ports.free();
        List<Process> clients = new ArrayList<>();
        Policies policies = Policies.in(directory);
        try (TestCgroup cgroup = TestCgroup.make("idle");
                TestCgroup load = TestCgroup.make("idle-load");
                AgentProcess agent = AgentProcess.start(
                        directory, "--policies", policies.directory().toString())) {
            // One connection may land on any worker: each can take more than its share.
            String room = "" + Math.min(openFilesLimit() - 100, 2 * each);
            Nginx.start(cgroup, directory, "idle.conf", Map.of("PORT", "" + port, "CONNECTIONS", room));
            Ports.awaitListening(port);
            long empty = agent.generation();
            policies.write("idle", cgroup, "sampling: {percent: 0, keep: {errors: false}}");
            agent.awaitGenerationAfter(empty);
            Await.until("programs attached", () -> agent.metric("spandrel_programs_attached", "") > 0);

            for (int i = 0; i < CLIENTS; i++) {
                clients.add(load.converse(List.of(
                        "python3",
                        Checkout.server("idle.py").toString(),
                        "127.0.1." + (i + 1), // an address each: the ports of one do not reach
                        "" + port,
                        "" + each)));
            }
            long open = (long) each * CLIENTS;
            long resident = agent.process().residentKib();
            for (int round = 1; round <= 2; round++) {
                clients.forEach(IdleConnectionsE2E::go);
                clients.forEach(client -> assertThat(answer(client)).isEqualTo("answered " + each));
                long expected = round * open;
                awaitCount(agent, expected);
                assertThat(BpfHeld.by(agent).entries("sp_waiting"))
                        .as("exchanges that wait for a flush, with %d connections open", open)
                        .isZero();
            }
            assertThat(agent.process().residentKib())
                    .as("resident memory of the agent, which holds nothing of a connection")
                    .isLessThan(resident + ROOM_KIB);
        }
    }

    private static void awaitCount(AgentProcess agent, long expected) {
        Await.before(() -> counted(agent) >= expected);
        assertThat(counted(agent))
                .as("requests counted; lost: %s", agent.metrics("spandrel_lost"))
                .isEqualTo(expected);
    }

    private static long counted(AgentProcess agent) {
        return (long) agent.metric("http_server_request_duration_seconds_count", "");
    }

    private static void go(Process client) {
        try {
            client.getOutputStream().write('\n');
            client.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answer(Process client) {
        try {
            return client.inputReader(StandardCharsets.UTF_8).readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int openFilesLimit() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split(" +")[4])
                .mapToInt(limit -> limit.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(limit))
                .findFirst()
                .orElseThrow();
    }
}
