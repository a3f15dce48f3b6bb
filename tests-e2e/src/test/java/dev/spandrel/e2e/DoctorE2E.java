package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./dev agent doctor} on this kernel: it loads each backend for a moment, and says what it found as text and as JSON, with the exit code it documents. */
@Tag(OtherKernel.TAG)
final class DoctorE2E {
    @Test
    void theDoctorLoadsAndMeasuresEachBackendThatWorksHere() throws Exception {
        Answer answer = ask("doctor", "--output", "json");
        JsonNode found = new ObjectMapper().readTree(answer.text());

        assertThat(answer.code()).as(answer.text()).isZero();
        assertThat(found.path("canTrace").asBoolean()).isTrue();
        assertThat(found.path("kernel").asText()).isEqualTo(System.getProperty("os.version"));
        List<String> working = StreamSupport.stream(found.path("findings").spliterator(), false)
                .filter(finding -> finding.path("level").asText().equals("OK"))
                .map(finding -> finding.path("name").asText())
                .filter(name -> name.startsWith("backend."))
                .toList();
        assertThat(found.path("costs"))
                .extracting(cost -> "backend." + cost.path("backend").asText())
                .containsExactlyElementsOf(working)
                .contains("backend." + found.path("backend").asText());
        assertThat(found.path("costs"))
                .allSatisfy(cost ->
                        assertThat(cost.path("socketCallNanos").asDouble()).isPositive());
    }

    /** A program of the system with a TLS library's messages and none of its names, as one that was linked with it and stripped. */
    @Test
    void whichFilesHaveTlsThatCannotBeSeenAndWhy(@TempDir Path directory) throws Exception {
        Path program = directory.resolve("stripped");
        String sleep = Files.readString(Path.of("/bin/sleep").toRealPath(), StandardCharsets.ISO_8859_1);
        assertThat(sleep).contains("Report bugs to: ");
        Files.writeString(program, sleep.replace("Report bugs to: ", "ssl/ssl_lib.c   "), StandardCharsets.ISO_8859_1);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Process running = new ProcessBuilder(program.toString(), "600").start();
        try {
            JsonNode found = new ObjectMapper()
                    .readTree(ask("doctor", "--output", "json").text());
            assertThat(found.path("findings"))
                    .filteredOn(finding -> finding.path("detail").asText().startsWith(program.toString()))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.path("name").asText()).isEqualTo("tls.refused");
                        assertThat(finding.path("level").asText()).isEqualTo("NOTE");
                        assertThat(finding.path("detail").asText()).contains("openssl", "stripped");
                        assertThat(finding.path("action").asText()).contains("symbols");
                    });
            assertThat(found.path("canTrace").asBoolean()).isTrue();
        } finally {
            running.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatItCannotReadIsAWrongOption() throws Exception {
        assertThat(ask("doctor", "--kernel", "6.1").code()).isEqualTo(2);
    }

    private record Answer(int code, String text) {}

    private static Answer ask(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Checkout.ROOT.resolve("dev").toString(), "agent"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text);
    }
}
