package dev.spandrel.probe.codegen;

import dev.spandrel.probe.ir.Ir.Operand;
import dev.spandrel.probe.ir.Ir.Reg;
import java.util.ArrayList;
import java.util.List;

/** Puts a call's arguments into r1 to r5, though some of them may stand in one another's place. */
final class Arguments {
    private record Wanted(int to, Operand from) {}

    private final Generator generator;

    Arguments(Generator generator) {
        this.generator = generator;
    }

    void set(List<Operand> arguments) {
        var waiting = new ArrayList<Wanted>();
        for (int i = 0; i < arguments.size(); i++) waiting.add(new Wanted(i + 1, arguments.get(i)));
        waiting.removeIf(w -> source(w) == w.to());
        int spare = 0;
        while (!waiting.isEmpty()) {
            int spareFrom = spare;
            var ready = waiting.stream()
                    .filter(w -> waiting.stream().noneMatch(o -> o != w && source(o) == w.to() && spareFrom != w.to()))
                    .findFirst();
            if (ready.isPresent()) {
                var w = ready.get();
                if (spare != 0 && source(w) == spare) {
                    generator.moveFromSpare(w.to());
                    spare = waiting.stream().anyMatch(o -> o != w && source(o) == spareFrom) ? spare : 0;
                } else generator.argument(w.to(), w.from());
                waiting.remove(w);
            } else {
                spare = waiting.getFirst().to();
                generator.moveToSpare(spare);
            }
        }
    }

    private int source(Wanted wanted) {
        return wanted.from() instanceof Reg(int n) ? generator.machine(n) : -1;
    }
}
