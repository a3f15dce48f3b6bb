package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.session.Refusal;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.syntax.Source;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A program with more ways through it than the kernel follows is refused where most of them pass. */
class TooBigKernelIT {
    private static final String PROGRAM = """
            BEGIN {
              $outer = 0;
              while ($outer < 3000) {
                @before[$outer] = 1;
                $inner = 0;
                while ($inner < 3000) {
                  @squares[$outer, $inner] = $inner * $inner;
                  $inner++;
                }
                $outer++;
              }
              @after = 1;
            }
            """;

    @BeforeAll
    static void canRun() {
        KernelRung.require();
    }

    @Test
    void isRefusedAtTheInnermostLoop() {
        var source = new Source("squares.bt", PROGRAM);
        var facts = new HostFacts();
        var result = Compiler.compile(source, facts, Options.DEFAULT, Arch.of(System.getProperty("os.arch")));
        var refusal = catchThrowableOfType(
                Refusal.class,
                () -> Session.load(
                                source,
                                result.compiled().orElseThrow(),
                                facts,
                                new Session.Scope(Optional.empty(), Optional.empty()))
                        .close());
        assertThat(refusal)
                .hasMessageStartingWith("squares.bt:7:")
                .hasMessageContaining("too big")
                .hasMessageContaining("split the probe in two")
                .hasMessageEndingWith("@squares[$outer, $inner] = $inner * $inner;");
    }
}
