package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.Expressions;
import dev.spandrel.probe.check.Operators;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.live.session.Refusal;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.output.Compiled;
import dev.spandrel.probe.syntax.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The kernel takes what the compiler makes of chains of random operations, and computes what they mean. */
class RandomKernelIT {
    private static final List<String> OPERATORS =
            List.of("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "<", ">=", "==");
    private static final Arch ARCH = Arch.of(System.getProperty("os.arch"));
    private static final int PROGRAMS = 2_500;
    private static final int WHOLE_PROGRAMS = 1_200;
    private static final int EACH = 40;
    private static final int LONGEST = 6;
    private static final int TREES = 102_400;
    private static final int DEPTH = 3;

    @BeforeAll
    static void canRun() {
        KernelRung.require();
    }

    @Test
    void computes() {
        var facts = new HostFacts();
        var random = new Random(1);
        for (int i = 0; i < PROGRAMS; i++) {
            var expected = new ArrayList<Long>();
            var text = new StringBuilder("BEGIN { ");
            for (int j = 0; j < EACH; j++) chain(random, j, text, expected);
            var source = new Source("random", text.append('}').toString());
            var compiled = Compiler.compile(source, facts, Options.DEFAULT, ARCH)
                    .compiled()
                    .orElseThrow();
            assertThat(computed(source, compiled, facts)).as(source.text()).isEqualTo(numbered(expected));
        }
    }

    /** Trees of operators, unary ones, casts and conditions over variables that are not known before the program runs. */
    @Test
    void computesTrees() {
        var facts = new HostFacts();
        for (long seed = 0; seed < TREES / EACH; seed++) {
            var expressions = new Expressions(seed);
            var expected = new ArrayList<Long>();
            var text = new StringBuilder("BEGIN { ").append(expressions.fromMaps());
            for (int i = 0; i < EACH; i++) {
                var known = expressions.next(DEPTH);
                expected.add(known.value());
                text.append("@[%d] = (uint64)(%s);\n".formatted(i, known.text()));
            }
            var source = new Source("random", text.append('}').toString());
            var result = Compiler.compile(source, facts, Options.DEFAULT, ARCH);
            assertThat(result.diagnostics()).as(source.text()).isEmpty();
            assertThat(computed(source, result.compiled().orElseThrow(), facts))
                    .as(source.text())
                    .isEqualTo(numbered(expected));
        }
    }

    /** What `BEGIN` leaves in `@`. */
    private static Map<Long, Long> computed(Source source, Compiled compiled, HostFacts facts) {
        var found = new HashMap<Long, Long>();
        try (var session =
                Session.load(source, compiled, facts, new Session.Scope(Optional.empty(), Optional.empty()))) {
            session.start();
            for (var entry : session.maps().entries("@"))
                found.put(
                        Bytes.of(entry.key()).getLong(0),
                        Bytes.of(entry.slots().getFirst()).getLong(0));
        }
        return found;
    }

    private static Map<Long, Long> numbered(List<Long> values) {
        var numbered = new HashMap<Long, Long>();
        for (int i = 0; i < values.size(); i++) numbered.put((long) i, values.get(i));
        return numbered;
    }

    /** What the checks let through the verifier takes, too, but for the few whose loops within loops it does not follow to their end: of them it names a line. */
    @Test
    void theVerifierTakesWhatTheChecksTake() {
        var facts = new HostFacts();
        int tooBig = 0;
        for (long seed = 0; seed < WHOLE_PROGRAMS; seed++) {
            var source = new Source("random", new RandomPrograms(seed).next());
            var result = Compiler.compile(source, facts, Options.DEFAULT, ARCH);
            assertThat(result.diagnostics())
                    .as("seed %d: %s", seed, source.text())
                    .isEmpty();
            try (var session = Session.load(
                    source,
                    result.compiled().orElseThrow(),
                    facts,
                    new Session.Scope(Optional.empty(), Optional.empty()))) {
                assertThat(session.attachPoints()).isPositive();
            } catch (Refusal e) {
                assertThat(e.getMessage())
                        .as("seed %d: %s", seed, source.text())
                        .contains("too big");
                assertThat(source.text()).contains("for ($e");
                tooBig++;
            }
        }
        assertThat(tooBig).as("nearly all fit").isLessThanOrEqualTo(WHOLE_PROGRAMS / 100);
    }

    /** $x = rand, so that nothing is known before; then one operation after the other, with a sign or without. */
    private static void chain(Random random, int index, StringBuilder text, List<Long> expected) {
        boolean signed = random.nextBoolean();
        long value = random.nextLong() >> random.nextInt(64);
        String type = signed ? "int64" : "uint64";
        text.append("$x%d = (%s)(rand * 0) + (%s)%s; ".formatted(index, type, type, hex(value)));
        for (int i = random.nextInt(LONGEST); i >= 0; i--) {
            String operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
            long right = operator.contains("<<") || operator.contains(">>")
                    ? random.nextInt(64)
                    : random.nextLong() >> random.nextInt(64);
            text.append("$x%d = (%s)($x%d %s (%s)%s); ".formatted(index, type, index, operator, type, hex(right)));
            value = Operators.evaluate(operator, value, right, signed).orElseThrow();
        }
        text.append("@[%d] = (uint64)$x%d; ".formatted(index, index));
        expected.add(value);
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
