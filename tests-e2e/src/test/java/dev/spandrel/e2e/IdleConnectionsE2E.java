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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 50,000 idle keep-alive connections: none is on the list that the flush walks, so the flush costs what it costs without them; what the kernel keeps of them is bounded,
 * and where it is kept with the sockets it is gone some seconds later; and each is still followed exactly.
 */
final class IdleConnectionsE2E {
    private static final int CLIENTS = 4;
    private static final int WANTED = 50_000;
    private static final long ROOM_KIB = 32 * 1024;
    private static final long MOST_BYTES = 32 << 20;
    /** Of one connection while it is in use: an object for its state, and one that the kernel hangs it on. */
    private static final long BYTES_EACH = 512 + 192;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void idleConnectionsCostNothing(String backend) throws IOException {
        int each = Math.min(WANTED / CLIENTS, openFilesLimit() - 500);
        int port = Ports.free();
        List<Process> clients = new ArrayList<>();
        Policies policies = Policies.in(directory);
        try (TestCgroup cgroup = TestCgroup.make("idle");
                TestCgroup load = TestCgroup.make("idle-load");
                AgentProcess agent = AgentProcess.start(
                        directory, "--policies", policies.directory().toString(), "--backend", backend)) {
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
            long before = storageBytes();
            for (int round = 1; round <= 2; round++) {
                clients.forEach(IdleConnectionsE2E::go);
                clients.forEach(client -> assertThat(answer(client)).isEqualTo("answered " + each));
                long expected = round * open;
                awaitCount(agent, expected);
                assertThat(BpfHeld.by(agent).entries("sp_waiting"))
                        .as("exchanges that wait for a flush, with %d connections open", open)
                        .isZero();
                if (backend.equals("socklen")) awaitForgotten(before, open);
            }
            if (backend.equals("sysexit"))
                assertThat(BpfHeld.by(agent).bytes("sp_conns"))
                        .as("memory of the table, made beforehand")
                        .isBetween(1L, MOST_BYTES);
            assertThat(agent.process().residentKib())
                    .as("resident memory of the agent, which holds nothing of a connection")
                    .isLessThan(resident + ROOM_KIB);
        }
    }

    /** That most of what they took is seen shows that the kernel's account of its objects is the right one to ask. */
    private static void awaitForgotten(long before, long open) {
        assertThat(storageBytes() - before)
                .as("kernel memory of %d connections in use", open)
                .isGreaterThan(open * BYTES_EACH / 2);
        Await.until("kernel memory of idle connections is given back", () -> storageBytes() - before < MOST_BYTES / 8);
    }

    /** Of all socket storage, and of other objects of these sizes. */
    private static long storageBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/slabinfo")).stream()
                    .filter(line -> line.startsWith("kmalloc-cg-512 ") || line.startsWith("kmalloc-cg-192 "))
                    .map(line -> line.split(" +"))
                    .mapToLong(line -> Long.parseLong(line[1]) * Long.parseLong(line[3]))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
