package dev.spandrel.agent.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.standalone.PolicyFileStates.Note;
import dev.spandrel.agent.standalone.PolicyFolder.PolicyText;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PolicyFileStatesTest {
    private static final Instant WRITTEN = Instant.parse("2026-06-01T12:00:00Z");

    private final List<Note> notes = new ArrayList<>();
    private PolicyFileStates states = PolicyFileStates.NONE;

    @Test
    void aFileStandsForItsPolicies() {
        update(Map.of("a.yaml", policy("a", 100) + "---\n" + policy("b", 1)));

        assertThat(states.policies()).extracting(policy -> policy.key().name()).containsExactly("a", "b");
        assertThat(notes).isEmpty();
    }

    @Test
    void aBadFileIsRefusedByLineAndItsLastGoodStateStays() {
        update(Map.of("a.yaml", policy("a", 100)));
        update(Map.of("a.yaml", policy("a", 100).replace("percent: 100", "percent: often")));

        assertThat(states.policies()).hasSize(1);
        assertThat(notes).allMatch(Note::refused).hasSizeGreaterThan(1);
        assertThat(notes.getFirst().text()).startsWith("a.yaml:7: ").contains("percent");
        assertThat(notes.getLast().text()).contains("stays in force");
    }

    @Test
    void aBadFileThatNeverWasGoodHasNoPolicies() {
        update(Map.of("a.yaml", "kind: [", "b.yaml", policy("b", 1)));

        assertThat(states.policies()).hasSize(1);
        assertThat(notes.getFirst().text()).startsWith("a.yaml:1: ");
    }

    @Test
    void aRefusedFileIsReportedOnce() {
        update(Map.of("a.yaml", "kind: ["));
        notes.clear();
        update(Map.of("a.yaml", "kind: ["));

        assertThat(notes).isEmpty();
    }

    @Test
    void aFileThatIsBeingWrittenSaysNothingYet() {
        update(Map.of("a.yaml", policy("a", 100)));
        update(Map.of("a.yaml", ""));
        assertThat(states.policies()).hasSize(1);

        states = states.update(texts(Map.of("a.yaml", ""), WRITTEN), true).states();
        assertThat(states.policies()).isEmpty();
    }

    @Test
    void aFileThatIsWrittenAgainIsYounger() {
        update(Map.of("a.yaml", policy("a", 100)));
        update(Map.of("a.yaml", policy("a", 100)), WRITTEN.plusSeconds(60));

        assertThat(states.policies().getFirst().changed()).isEqualTo(WRITTEN.plusSeconds(60));
        assertThat(notes).isEmpty();
    }

    @Test
    void aRemovedFileTakesItsPoliciesAway() {
        update(Map.of("a.yaml", policy("a", 100)));
        update(Map.of());

        assertThat(states.policies()).isEmpty();
        assertThat(notes).singleElement().extracting(Note::text).asString().startsWith("a.yaml: gone");
    }

    @Test
    void aPolicyInTwoFilesIsTheFirstFiles() {
        update(Map.of("a.yaml", policy("a", 100), "b.yaml", policy("a", 1)));

        assertThat(states.policies()).hasSize(1);
        assertThat(states.duplicates())
                .singleElement()
                .asString()
                .startsWith("b.yaml:1: ")
                .contains("a.yaml");
    }

    private void update(Map<String, String> folder) {
        update(folder, WRITTEN);
    }

    private void update(Map<String, String> folder, Instant written) {
        var step = states.update(texts(folder, written), false);
        states = step.states();
        notes.addAll(step.notes());
    }

    private static Map<String, PolicyText> texts(Map<String, String> folder, Instant written) {
        return folder.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, file -> new PolicyText(file.getValue(), FileTime.from(written), written)));
    }

    private static String policy(String name, int percent) {
        return """
                apiVersion: spandrel.dev/v1alpha1
                kind: TracePolicy
                metadata:
                  name: %s
                spec:
                  sampling:
                    percent: %d
                """.formatted(name, percent);
    }
}
