package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.Checked;
import dev.spandrel.probe.check.Instance;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.check.Structs;
import dev.spandrel.probe.ir.Code;
import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Operand;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Type;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** What lowering one program shares: its code, its memory, what the checks found out. */
final class Context {
    final Code code = new Code();
    final Frame frame = new Frame();
    final Checked.Body body;
    final Structs structs;
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

    private int scratch = Ir.NOWHERE;

    final Scalars values;
    final Blocks memory;
    final Maps maps;

    Context(Checked checked, Checked.Body body, Tables tables, Arch arch, int program, int firstPoint) {
        this.body = body;
        this.structs = checked.structs();
        this.options = checked.options();
        this.tables = tables;
        this.arch = arch;
        this.program = program;
        this.firstPoint = firstPoint;
        end = code.label();
        values = new Scalars(this);
        memory = new Blocks(this);
        maps = new Maps(this);
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

    /** Memory for a while: the end of the statement gives it back. */
    Place take(int bytes) {
        var offset = frame.take(bytes);
        if (offset.isPresent()) return Place.frame(offset.get());
        int at = frame.takeScratch(bytes);
        if (scratch == Ir.NOWHERE) scratch = code.register();
        return new Place(scratch, at);
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
