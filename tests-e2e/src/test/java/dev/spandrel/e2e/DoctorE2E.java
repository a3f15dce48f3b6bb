package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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
