package dev.spandrel.probe.lower;

import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.FakeFacts;
import dev.spandrel.probe.Golden;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.syntax.Source;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Types → code over any number of registers. */
class LoweringGoldenTest {
    private static final Golden GOLDEN = Golden.ofPass("ir");

    static Stream<String> programs() {
        return GOLDEN.programs();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void code(String program) {
        Source source = GOLDEN.source(program);
        StringBuilder shown = new StringBuilder();
        Compiler.Result result = Compiler.compile(source, new FakeFacts(), Options.DEFAULT, Arch.X86_64);
        result.diagnostics().forEach(one -> shown.append(one.render(source)));
        result.code().forEach((name, code) -> {
            shown.append(name).append('\n');
            code.lines()
                    .forEach(line ->
                            shown.append("  ").append(line.instruction()).append('\n'));
        });
        GOLDEN.is(program, shown.toString());
    }
}
