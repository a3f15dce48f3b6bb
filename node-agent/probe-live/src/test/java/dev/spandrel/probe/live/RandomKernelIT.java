package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.check.Operators;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.live.session.Refusal;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.syntax.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The kernel takes what the compiler makes of chains of random operations, and computes what they mean. */
class RandomKernelIT {
    private static final List<String> OPERATORS =
            List.of("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "<", ">=", "==");
    private static final int PROGRAMS = 2_500;
    private static final int WHOLE_PROGRAMS = 300;
    private static final int EACH = 40;
    private static final int LONGEST = 6;

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
            var compiled = Compiler.compile(source, facts, Options.DEFAULT, Arch.of(System.getProperty("os.arch")))
                    .compiled()
                    .orElseThrow();
            try (var session =
                    Session.load(source, compiled, facts, new Session.Scope(Optional.empty(), Optional.empty()))) {
                session.start();
                for (var entry : session.maps().entries("@"))
                    assertThat(Bytes.of(entry.slots().getFirst()).getLong(0))
                            .as(source.text())
                            .isEqualTo(expected.get((int) Bytes.of(entry.key()).getLong(0)));
                assertThat(session.maps().entries("@")).hasSize(EACH);
            }
        }
    }

    /** What the checks let through the verifier takes, too. Programs that are too big say so, which is no error here. */
    @Test
    void theVerifierTakesWhatTheChecksTake() {
        var facts = new HostFacts();
        int tooBig = 0;
        for (long seed = 0; seed < WHOLE_PROGRAMS; seed++) {
            var source = new Source("random", new RandomPrograms(seed).next());
            var result = Compiler.compile(source, facts, Options.DEFAULT, Arch.of(System.getProperty("os.arch")));
            assertThat(result.diagnostics())
                    .as("seed %d: %s", seed, source.text())
                    .allMatch(d -> d.message().contains("bytes of stack"));
            if (result.compiled().isEmpty()) {
                tooBig++;
                continue;
            }
            try (var session = Session.load(
                    source, result.compiled().get(), facts, new Session.Scope(Optional.empty(), Optional.empty()))) {
                assertThat(session.attachPoints()).isPositive();
            } catch (Refusal e) {
                assertThat(e.getMessage())
                        .as("seed %d: %s", seed, source.text())
                        .contains("too big");
                tooBig++;
            }
        }
        assertThat(tooBig).as("most programs fit").isLessThan(WHOLE_PROGRAMS / 4);
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
