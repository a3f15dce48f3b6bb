package dev.spandrel.probe.syntax;

import dev.spandrel.probe.syntax.Program.MacroDefinition;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Functions of the language that are written in it: macros that every program has, unless it has its own of that name. */
final class Prelude {
    private static final Set<String> NAMES = Set.of("assert", "find", "pcomm", "ppid");
    private static final String TEXT = """
            macro assert(condition, message) { if (!(condition)) { errorf("%s\\n", message); exit(1); } }
            macro find(@map, key, $value) {
              let $there = has_key(@map, key);
              if ($there) { $value = @map[key]; }
              $there
            }
            macro pcomm() { curtask->group_leader->comm }
            macro pcomm(task) { task->group_leader->comm }
            macro ppid(task) { task->real_parent->tgid }
            """;

    private Prelude() {}

    /** Several may have one name, and take different numbers of arguments. */
    static Optional<MacroDefinition> find(String name, int arguments) {
        if (!NAMES.contains(name)) return Optional.empty();
        return Read.MACROS.stream()
                .filter(m -> m.name().equals(name) && m.parameters().size() == arguments)
                .findFirst();
    }

    /** Read when the first program asks for one. */
    private static final class Read {
        private static final List<MacroDefinition> MACROS = Parser.macros(TEXT);
    }
}
