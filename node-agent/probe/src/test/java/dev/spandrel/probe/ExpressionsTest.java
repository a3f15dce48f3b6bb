package dev.spandrel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.syntax.Source;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** What the compiler makes of random expressions computes what they mean. */
class ExpressionsTest {
    private static final int PROGRAMS = 12_000;
    private static final int EACH = 10;

    @Test
    void computeWhatTheyMean() {
        for (long seed = 0; seed < PROGRAMS; seed++) {
            var expressions = new Expressions(seed);
            var text = new StringBuilder("BEGIN { ").append(expressions.assignments());
            var expected = new ArrayList<Expressions.Known>();
            for (int i = 0; i < EACH; i++) {
                var known = expressions.next(3);
                expected.add(known);
                text.append("@[")
                        .append(i)
                        .append("] = (uint64)(")
                        .append(known.text())
                        .append("); ");
            }
            var source = new Source("random", text.append("}").toString());
            var result = Compiler.compile(source, new FakeFacts(), Options.DEFAULT, Arch.X86_64);
            assertThat(result.diagnostics()).as(source.text()).isEmpty();
            var found = Machine.run(
                    result.compiled().orElseThrow().programs().getFirst().instructions());
            for (int i = 0; i < EACH; i++)
                assertThat(found.get(i))
                        .as("seed %d: %s", seed, expected.get(i).text())
                        .isEqualTo(expected.get(i).value());
        }
    }
}
