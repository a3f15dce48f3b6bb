package dev.spandrel.probe.syntax;

import dev.spandrel.probe.Golden;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text → tokens, each with its place. */
class LexerGoldenTest {
    private static final Golden GOLDEN = Golden.ofPass("lexer");

    static Stream<String> programs() {
        return GOLDEN.programs();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void tokens(String program) {
        Source source = GOLDEN.source(program);
        Diagnostics diagnostics = new Diagnostics();
        Lexer lexer = new Lexer(source.text(), diagnostics);
        StringBuilder shown = new StringBuilder();
        for (Token token = lexer.next(); token.kind() != Token.Kind.END; token = lexer.next()) {
            int at = token.span().start();
            shown.append("%d:%d %s %s"
                    .formatted(
                            source.line(at),
                            source.column(at),
                            token.kind(),
                            token.text().replace("\n", "\\n")));
            if (token.kind() == Token.Kind.NUMBER) shown.append(" = ").append(token.value());
            shown.append('\n');
        }
        diagnostics.all().forEach(one -> shown.append(one.render(source)));
        GOLDEN.is(program, shown.toString());
    }
}
