package dev.spandrel.probe.check;

import dev.spandrel.probe.FakeFacts;
import dev.spandrel.probe.Golden;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Parser;
import dev.spandrel.probe.syntax.Source;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tree → types: of maps, of variables and of each expression, with its value where that is known. */
class ChecksGoldenTest {
    private static final Golden GOLDEN = Golden.ofPass("checks");

    static Stream<String> programs() {
        return GOLDEN.programs();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void types(String program) {
        Source source = GOLDEN.source(program);
        Diagnostics diagnostics = new Diagnostics();
        StringBuilder shown = new StringBuilder();
        Checks.check(Parser.parse(source, diagnostics), new FakeFacts(), Options.DEFAULT, diagnostics)
                .ifPresent(checked -> show(source, checked, shown));
        diagnostics.all().forEach(one -> shown.append(one.render(source)));
        GOLDEN.is(program, shown.toString());
    }

    private static void show(Source source, Checked checked, StringBuilder shown) {
        checked.maps()
                .values()
                .forEach(map -> shown.append("map %s %s: %s%n".formatted(map.name(), map.keys(), map.value())));
        for (Checked.Body body : checked.bodies()) {
            shown.append('\n');
            body.instance().points().forEach(point -> shown.append(point.name()).append('\n'));
            body.variables().forEach((name, type) -> shown.append("variable %s: %s%n".formatted(name, type)));
            body.types().keySet().stream()
                    .sorted(Comparator.comparing((Expr one) -> one.span().start())
                            .thenComparing(one -> -one.span().end()))
                    .forEach(one -> {
                        Long value = body.constants().get(one);
                        shown.append("%s: %s%s%n"
                                .formatted(
                                        source.text(one.span()),
                                        body.types().get(one),
                                        value == null ? "" : " = " + value));
                    });
        }
    }
}
