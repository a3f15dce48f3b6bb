package dev.spandrel.probe.codegen;

import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.FakeFacts;
import dev.spandrel.probe.Golden;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.ir.Code;
import dev.spandrel.probe.lower.Arch;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Registers of the code → those of the machine, or places on the stack, where nothing lives over the same line in one of them. */
class AllocationGoldenTest {
    private static final Golden GOLDEN = Golden.ofPass("registers");

    static Stream<String> programs() {
        return GOLDEN.programs();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void registers(String program) {
        StringBuilder shown = new StringBuilder();
        Compiler.compile(GOLDEN.source(program), new FakeFacts(), Options.DEFAULT, Arch.X86_64)
                .code()
                .forEach((name, code) -> show(name, code, shown));
        GOLDEN.is(program, shown.toString());
    }

    private static void show(String name, Code code, StringBuilder shown) {
        List<Code.Line> lines = Reachable.of(code.lines());
        Allocation allocation = Allocation.of(lines, code.registers());
        shown.append("%s, %d on the stack%n".formatted(name, allocation.spilled()));
        for (Code.Line line : lines) {
            String registers = IntStream.concat(
                            IntStream.of(line.instruction().written()),
                            IntStream.of(line.instruction().read()))
                    .filter(one -> one >= 0 && allocation.used(one))
                    .distinct()
                    .mapToObj(one -> one + "→" + place(allocation, one))
                    .collect(Collectors.joining(" "));
            shown.append("  %s%s%n".formatted(line.instruction(), registers.isEmpty() ? "" : "   " + registers));
        }
    }

    private static String place(Allocation allocation, int register) {
        return allocation.machine(register) >= 0
                ? "r" + allocation.machine(register)
                : "stack " + allocation.slot(register);
    }
}
