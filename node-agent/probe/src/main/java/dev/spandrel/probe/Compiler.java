package dev.spandrel.probe;

import dev.spandrel.probe.check.Checks;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.ir.Code;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.lower.Lowering;
import dev.spandrel.probe.output.Compiled;
import dev.spandrel.probe.syntax.Diagnostic;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Parser;
import dev.spandrel.probe.syntax.Program;
import dev.spandrel.probe.syntax.Source;
import dev.spandrel.probe.type.Facts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All passes, one after the other. */
public final class Compiler {
    /** @param code each program's, by name, before registers were handed out */
    public record Result(
            Program program, Optional<Compiled> compiled, List<Diagnostic> diagnostics, Map<String, Code> code) {}

    private Compiler() {}

    public static Result compile(Source source, Facts facts, Options options, Arch arch) {
        var diagnostics = new Diagnostics();
        var program = Parser.parse(source, diagnostics);
        var code = new LinkedHashMap<String, Code>();
        // What can be checked of a program that could not be read whole is checked all the same.
        var checked = Checks.check(program, facts, options, diagnostics);
        var compiled = checked.map(c -> Lowering.lower(c, arch, diagnostics, code::put));
        return new Result(program, diagnostics.failed() ? Optional.empty() : compiled, diagnostics.all(), code);
    }
}
