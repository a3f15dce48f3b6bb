package dev.spandrel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spandrel.agent.control.OperatorAddress;
import dev.spandrel.agent.program.Backend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void defaults() {
        Options options = Options.parse("--policies", "/");
        assertThat(options.origin()).isEqualTo(new Options.Origin.Directory(Path.of("/")));
        assertThat(options.httpHost() + " " + options.httpPort()).isEqualTo("127.0.0.1 9464");
        assertThat(options.json()).isFalse();
        assertThat(options.backend()).isEmpty();
        assertThat(Options.HELP).contains("default: " + options.ringBytes(), "default: " + options.queueBytes());
    }

    @Test
    void bothWaysToGiveAValue() {
        Options options = Options.parse(
                "--operator=[::1]:4320",
                "--node",
                "a=b",
                "--off-after=60",
                "--http=[::1]:0",
                "--backend=sysexit",
                "--output",
                "jsonl");
        assertThat(options.origin())
                .isEqualTo(new Options.Origin.Operator(
                        OperatorAddress.of("[::1]:4320", Optional.empty()), "a=b", Optional.of(Duration.ofMinutes(1))));
        assertThat(options.httpHost()).isEqualTo("[::1]");
        assertThat(options.backend()).contains(Backend.SYSEXIT);
        assertThat(options.json()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--node n | give either --policies DIR or --operator HOST:PORT --node NAME",
                "--policies / --operator h:1 | give either --policies DIR or --operator HOST:PORT --node NAME",
                "--operator h:1 | --operator needs --node NAME, the name of this node in the cluster",
                "--operator 192.0.2.1:1 --node n | --operator: 192.0.2.1:1 is not a loopback address, so the two must prove who they are: give --identity DIR with ca.crt and token",
                "--operator localhost:1 --node n --identity /nowhere | --operator: no readable ca.crt in /nowhere: it holds ca.crt (of ConfigMap spandrel-ca) and token (of a service account, for audience spandrel-operator)",
                "--operator localhost:1 --node n --off-after 1m | --off-after: 1m is not a number of seconds",
                "--policies /dev/null | --policies: /dev/null is not a directory",
                "--policies / --http 9464 | --http: 9464 is not HOST:PORT",
                "--policies / --ring-bytes 100000 | --ring-bytes: 100000 is not a power of two of at least 65536",
                "--policies / --map-entries pipeline | --map-entries: pipeline is not NAME=N, N up to 16777216",
                "--policies / --map-entries carry=8,pipeline=0 | --map-entries: pipeline=0 is not NAME=N, N up to 16777216",
                "--policies / --map-entries carry=8,carry=8 | --map-entries: carry is given twice",
                "--policies / --map-entries heads=8 | --map-entries: heads is none of [carriers, carry, config, conns, goroutines, handed, pipeline, requests, sessions, waiting]",
                "--policies / --queue-bytes 12M | --queue-bytes: 12M is not a number of bytes",
                "--policies / --backend kprobe | --backend: kprobe is neither socklen nor sysexit",
                "--policies / --pin / | --pin: / is no directory of a BPF file system (mount -t bpf bpf DIR makes one)",
                "--policies / --output text | --output: text is not jsonl",
                "--policies / --policies / | --policies is given twice",
                "--policies | --policies needs a value",
                "--verbose | --verbose is no option"
            })
    void whatIsWrongIsSaid(String line, String message) {
        assertThatThrownBy(() -> Options.parse(line.split(" ")))
                .isInstanceOf(Options.UsageException.class)
                .hasMessage(message);
    }
}
