package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The agent is killed, by a signal that it cannot see: no program and no link is left, whatever it was doing, and the traced server never notices. */
final class KilledE2E {
    /** How far it had got, by what it holds of the kernel. */
    enum Moment {
        LOADING(held -> !held.programs().isEmpty()),
        ATTACHING(held -> !held.links().isEmpty()),
        TRACING(held -> held.links().size() > 1);

        private final Predicate<BpfHeld> come;

        Moment(Predicate<BpfHeld> come) {
            this.come = come;
        }
    }

    private final TestCgroup cgroup = TestCgroup.make("killed");
    private final int port = Ports.free();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        cgroup.close();
    }

    @ParameterizedTest
    @EnumSource
    void nothingOfItIsLeft(Moment moment) {
        Nginx.leaf(cgroup, directory, port);
        Policies policies = Policies.in(directory);
        policies.write("killed", cgroup, "sampling: {percent: 100}\n");
        Load load = new Load(port, "/leaf/killed");
        try (Load.Running running = load.start(1)) {
            BpfHeld held;
            try (DevProcess agent = DevProcess.start(
                    directory,
                    Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + Ports.free()),
                    "agent",
                    List.of(
                            "--http",
                            "127.0.0.1:0",
                            "--policies",
                            policies.directory().toString()))) {
                Await.until(moment + " reached", () -> {
                    agent.mustRun();
                    return moment.come.test(BpfHeld.by(agent));
                });
                held = BpfHeld.by(agent);
                agent.kill();
            }
            Await.until(
                    "no program left of " + held.programs(),
                    () -> BpfHeld.stillThere(held.programs()).isEmpty());
            Await.until(
                    "no link left of " + held.links(),
                    () -> BpfHeld.linksStillThere(held.links()).isEmpty());
            long sent = running.sent();
            Await.until("the server answers on", () -> running.sent() > sent);
        }
        assertThat(load.sent()).isPositive();
    }
}
