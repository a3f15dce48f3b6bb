package dev.spandrel.cli;

import com.google.protobuf.Message;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** How an answer is shown. */
final class Format {
    enum Kind {
        TEXT,
        JSON,
        YAML
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|yaml",
            description = "For people, or for scripts (default: ${DEFAULT-VALUE}).")
    private Kind kind = Kind.TEXT;

    <M extends Message> String of(M answer, Function<M, String> text) {
        return switch (kind) {
            case TEXT -> text.apply(answer);
            case JSON -> Json.of(Tree.of(answer));
            case YAML -> Yaml.of(Tree.of(answer));
        };
    }
}
