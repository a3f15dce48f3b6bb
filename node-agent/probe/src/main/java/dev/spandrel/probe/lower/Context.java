package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.Checked;
import dev.spandrel.probe.check.Instance;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.check.Structs;
import dev.spandrel.probe.codegen.Generator;
import dev.spandrel.probe.ir.Code;
import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Operand;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Span;
import dev.spandrel.probe.type.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What lowering one program shares: its code, its memory, what the checks found out. */
final class Context {
    /** Where a loop goes on, and where it ends. */
    record Loop(int next, int end) {}

    final Deque<Loop> loops = new ArrayDeque<>();
    final Code code = new Code();
    final Frame frame = new Frame();
    final Checked.Body body;
    final Structs structs;
    final Diagnostics diagnostics;
    final Options options;
    final Tables tables;
    final Arch arch;
    final int program;
    /** Index of the first of the instance's attach points. */
    final int firstPoint;

    final int end;
    /** Registers of variables with a scalar, places of the others. */
    final Map<String, Integer> scalars = new HashMap<>();

    final Map<String, Place> blocks = new HashMap<>();
    /** The system call's number, and which attach point it is: registers that the prologue sets. */
    int syscallNumber = Ir.NOWHERE;

    int pointIndex = Ir.NOWHERE;
    /** The current cgroup's id, in a managed program. */
    int cgroup = Ir.NOWHERE;

    /** Functions that the kernel calls back; those of a loop inside of one are its own program's. */
    final List<Generator.Generated> functions;

    /** What the program was called with. */
    private final int given;

    private int scratch = Ir.NOWHERE;

    final Scalars values;
    final Blocks memory;
    final Maps maps;
    final Requests requests;

    Context(
            Checked checked,
            Checked.Body body,
            Tables tables,
            Arch arch,
            int program,
            int firstPoint,
            Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        this.body = body;
        this.structs = checked.structs();
        this.options = checked.options();
        this.tables = tables;
        this.arch = arch;
        this.program = program;
        this.firstPoint = firstPoint;
        end = code.label();
        given = Ir.CONTEXT;
        functions = new ArrayList<>();
        values = new Scalars(this);
        memory = new Blocks(this);
        maps = new Maps(this);
        requests = new Requests(this);
    }

    /** Inside of a function that the program has called back, with an area of the program's stack that holds what the program was called with. */
    Context(Context program) {
        body = program.body;
        diagnostics = program.diagnostics;
        structs = program.structs;
        options = program.options;
        tables = program.tables;
        arch = program.arch;
        this.program = program.program;
        firstPoint = program.firstPoint;
        frame.behind(program.frame);
        frame.take(2 * Long.BYTES);
        end = code.label();
        given = code.load(Ir.CONTEXT, 0, 8);
        functions = program.functions;
        values = new Scalars(this);
        memory = new Blocks(this);
        maps = new Maps(this);
        requests = new Requests(this);
    }

    int given() {
        return given;
    }

    Instance instance() {
        return body.instance();
    }

    Type type(Expr expr) {
        return body.types().getOrDefault(expr, Type.INT64);
    }

    OptionalLong constant(Expr expr) {
        var value = body.constants().get(expr);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** The bytes of what is known before the program runs. */
    Optional<byte[]> content(Expr expr) {
        return expr instanceof Expr.Text(var _, var text)
                ? Optional.of(text.getBytes(StandardCharsets.UTF_8))
                : Optional.ofNullable(body.contents().get(expr));
    }

    /** What the processor had in it when the program was called. */
    int register(String name, Span wanted) {
        var offset = arch.offset(name);
        if (offset.isEmpty()) diagnostics.error(wanted, "this processor has no register '" + name + "'");
        return code.load(given(), offset.orElse(0), 8);
    }

    /** Memory for a while: the end of the statement gives it back. */
    Place take(int bytes) {
        var offset = frame.take(bytes);
        if (offset.isPresent()) return Place.frame(offset.get());
        return new Place(scratchBase(), frame.takeScratch(bytes));
    }

    int scratchBase() {
        if (scratch == Ir.NOWHERE) scratch = code.register();
        return scratch;
    }

    boolean usesScratch() {
        return scratch != Ir.NOWHERE;
    }

    int scratch() {
        return scratch;
    }

    Operand address(Place place) {
        if (place.offset() == 0 && place.base() != Ir.FRAME) return new Reg(place.base());
        return new Reg(code.alu(Op.ADD, place.base(), place.offset()));
    }
}
