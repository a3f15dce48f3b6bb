package dev.spandrel.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.doctor.Finding.Level;
import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.HookCost;
import dev.spandrel.ebpf.Feature;
import dev.spandrel.ebpf.Native;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {
    private static final Feature YES = new Feature.Supported();
    private static final Feature NO = new Feature.Unsupported("it is not there", "install it");
    private static final Facts FINE = facts(new Native.Supported("v1.1"), YES, YES, YES, "integrity", "1");

    private static Facts facts(
            Native libbpf, Feature btf, Feature socklen, Feature sysexit, String lockdown, String jit) {
        return new Facts(
                "6.1.0",
                "x86_64",
                libbpf,
                YES,
                btf,
                Map.of(Backend.SOCKLEN, socklen, Backend.SYSEXIT, sysexit),
                Optional.of(Path.of("/sys/fs/cgroup")),
                Optional.of(lockdown),
                Optional.of(jit),
                false);
    }

    @Test
    void aFineMachineIsTracedByTheFirstBackend() {
        var diagnosis = Diagnosis.of(FINE);

        assertThat(diagnosis.findings()).allMatch(finding -> finding.level() == Level.OK);
        assertThat(diagnosis.choice(Optional.empty())).isEqualTo(new Backend.Choice.Chosen(Backend.SOCKLEN));
        assertThat(diagnosis.choice(Optional.of(Backend.SYSEXIT)))
                .isEqualTo(new Backend.Choice.Chosen(Backend.SYSEXIT));
        assertThat(diagnosis.refusal()).isEmpty();
    }

    @Test
    void anOlderKernelIsTracedByTheOtherBackendAndSaysWhyNotByTheFirst() {
        var diagnosis = Diagnosis.of(facts(new Native.Supported("v1.1"), YES, NO, YES, "none", "1"));

        assertThat(diagnosis.canTrace()).isTrue();
        assertThat(diagnosis.choice(Optional.empty())).isEqualTo(new Backend.Choice.Chosen(Backend.SYSEXIT));
        assertThat(diagnosis.choice(Optional.of(Backend.SOCKLEN)))
                .isEqualTo(new Backend.Choice.None("backend.socklen: it is not there — install it"));
    }

    @Test
    void whatMakesTracingImpossibleIsSaidInOneLine() {
        var without = facts(
                new Native.Unsupported("libbpf.so.1 is missing", "apt-get install libbpf1"), NO, NO, NO, "none", "1");
        var diagnosis = Diagnosis.of(without);

        assertThat(diagnosis.canTrace()).isFalse();
        assertThat(diagnosis.choice(Optional.empty()))
                .isEqualTo(new Backend.Choice.None("libbpf: libbpf.so.1 is missing — apt-get install libbpf1"));
        assertThat(DoctorText.conclusion(diagnosis))
                .isEqualTo("Nothing can be traced here: libbpf: libbpf.so.1 is missing — apt-get install libbpf1.");
    }

    @ParameterizedTest
    @CsvSource({
        "none, 1, OK, OK",
        "integrity, 2, OK, OK",
        "confidentiality, 1, FATAL, OK",
        "none, 0, OK, NOTE",
    })
    void lockdownAndJitAreJudged(String lockdown, String jit, Level lockdownLevel, Level jitLevel) {
        var diagnosis = Diagnosis.of(facts(new Native.Supported("v1.1"), YES, YES, YES, lockdown, jit));

        assertThat(level(diagnosis, "lockdown")).isEqualTo(lockdownLevel);
        assertThat(level(diagnosis, "jit")).isEqualTo(jitLevel);
    }

    @Test
    void lockdownIsTheAlternativeInBrackets() {
        assertThat(Facts.chosen("none [integrity] confidentiality")).isEqualTo("integrity");
    }

    @Test
    void scriptsReadJsonInOneLine() {
        var cost = new HookCost(Duration.ofMillis(120), Duration.ofMillis(3), 812.25, 26.5);
        var json = DoctorJson.of("0.1.0", new Examination(Diagnosis.of(FINE), Map.of(Backend.SOCKLEN, cost)));

        assertThat(json)
                .startsWith(
                        "{\"agent\":\"0.1.0\",\"kernel\":\"6.1.0\",\"machine\":\"x86_64\",\"canTrace\":true,\"backend\":\"socklen\",\"findings\":[{\"name\":\"libbpf\",\"level\":\"OK\",\"detail\":\"v1.1\",\"action\":\"\"},")
                .endsWith(
                        "\"costs\":[{\"backend\":\"socklen\",\"loadMillis\":120,\"attachMillis\":3,\"socketCallNanos\":812.3,\"addedNanos\":26.5}]}")
                .doesNotContain("\n");
    }

    private static Level level(Diagnosis diagnosis, String name) {
        return diagnosis.findings().stream()
                .filter(finding -> finding.name().equals(name))
                .map(Finding::level)
                .findFirst()
                .orElseThrow();
    }
}
