package dev.spandrel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.spandrel.contract.v1.PolicyList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people and scripts see: {@code screens/NAME.txt}. {@code -Dspandrel.refresh=true} rewrites them; read the diff. */
final class ScreensTest {
    @ParameterizedTest
    @CsvSource({
        "explain-agreed, FINE",
        "explain-different, NOT_FINE",
        "explain-unknown, UNKNOWN",
        "explain-untraced, FINE",
        "status, NOT_FINE",
        "status-none, FINE",
        "status-probes, NOT_FINE",
        "nodes, NOT_FINE",
        "nodes-json, NOT_FINE",
        "nodes-yaml, NOT_FINE",
        "explain-yaml, NOT_FINE"
    })
    void looksSo(String name, Exit exit) throws IOException {
        Path expected = Path.of("src/test/resources/screens", name + ".txt");
        String screen = "exit " + exit(name).code() + "\n" + screen(name);
        if (Boolean.getBoolean("spandrel.refresh")) {
            Files.writeString(expected, screen);
        }
        assertThat(screen).isEqualTo(Files.readString(expected));
        assertThat(exit(name)).isEqualTo(exit);
    }

    private static String screen(String name) {
        return switch (name) {
            case "explain-agreed" -> ExplainText.of(Answers.agreed());
            case "explain-different" -> ExplainText.of(Answers.different());
            case "explain-unknown" -> ExplainText.of(Answers.unknown());
            case "explain-untraced" -> ExplainText.of(Answers.untraced());
            case "explain-yaml" -> yaml(Answers.different());
            case "status" -> StatusText.of(Answers.policies(), "shop");
            case "status-none" -> StatusText.of(PolicyList.getDefaultInstance(), "shop");
            case "status-probes" -> StatusText.of(Answers.probeSets(), "shop");
            case "nodes" -> NodesText.of(Answers.nodes());
            case "nodes-json" -> Json.of(Tree.of(Answers.nodes()));
            case "nodes-yaml" -> yaml(Answers.nodes());
            default -> throw new AssertionError(name);
        };
    }

    private static Exit exit(String name) {
        return switch (name) {
            case "explain-agreed" -> Explain.exit(Answers.agreed());
            case "explain-different", "explain-yaml" -> Explain.exit(Answers.different());
            case "explain-unknown" -> Explain.exit(Answers.unknown());
            case "explain-untraced" -> Explain.exit(Answers.untraced());
            case "status" -> Status.exit(Answers.policies());
            case "status-none" -> Status.exit(PolicyList.getDefaultInstance());
            case "status-probes" -> Status.exit(Answers.probeSets());
            default -> Nodes.exit(Answers.nodes());
        };
    }

    private static String yaml(Message message) {
        return Yaml.of(Tree.of(message));
    }
}
