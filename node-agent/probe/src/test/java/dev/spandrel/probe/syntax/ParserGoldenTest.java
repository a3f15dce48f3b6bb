package dev.spandrel.probe.syntax;

import dev.spandrel.probe.Golden;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens → tree: a line for each node, what is inside of it further to the right. */
class ParserGoldenTest {
    private static final Golden GOLDEN = Golden.ofPass("parser");

    static Stream<String> programs() {
        return GOLDEN.programs();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void tree(String program) throws ReflectiveOperationException {
        Source source = GOLDEN.source(program);
        Diagnostics diagnostics = new Diagnostics();
        StringBuilder shown = new StringBuilder();
        for (Program.Probe probe : Parser.parse(source, diagnostics).probes()) show(probe, "", shown);
        diagnostics.all().forEach(one -> shown.append(one.render(source)));
        GOLDEN.is(program, shown.toString());
    }

    /** Words and numbers stand in the node's own line; places are left out. */
    private static void show(Object node, String indent, StringBuilder shown) throws ReflectiveOperationException {
        switch (node) {
            case Span _ -> {}
            case List<?> list -> {
                for (Object one : list) {
                    if (one instanceof String word)
                        shown.append(indent).append(word).append('\n');
                    else show(one, indent, shown);
                }
            }
            case Optional<?> optional -> {
                if (optional.isPresent()) show(optional.get(), indent, shown);
            }
            case Record tree -> {
                shown.append(indent).append(tree.getClass().getSimpleName());
                RecordComponent[] parts = tree.getClass().getRecordComponents();
                for (RecordComponent part : parts) {
                    Object value = part.getAccessor().invoke(tree);
                    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                        shown.append(' ').append(value.toString().replace("\n", "\\n"));
                    }
                }
                shown.append('\n');
                for (RecordComponent part : parts) show(part.getAccessor().invoke(tree), indent + "  ", shown);
            }
            default -> {}
        }
    }
}
