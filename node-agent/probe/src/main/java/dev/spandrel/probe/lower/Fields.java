package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.Target;
import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Operand;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Tracepoint;
import dev.spandrel.probe.type.Type;

/** Reads fields, elements and what pointers point to, from memory of the kernel and of processes. */
final class Fields {
    /** Where a value is that must be copied to be read. */
    record Location(int base, int offset, Space space) {
        Location plus(int bytes) {
            return new Location(base, offset + bytes, space);
        }

        /** What lies beyond what is one's own is the kernel's. */
        Location beyond(boolean it) {
            return it && space == Space.OWN ? new Location(base, offset, Space.KERNEL) : this;
        }
    }

    private final Context context;

    Fields(Context context) {
        this.context = context;
    }

    Operand address(Location location) {
        return location.offset() == 0 && location.base() != Ir.FRAME
                ? new Reg(location.base())
                : new Reg(context.code.alu(Op.ADD, location.base(), location.offset()));
    }

    /** Leaves what is there if it cannot be read. */
    void copy(Location from, Place to, Operand size) {
        new Confinement(context).check(from.space());
        context.code.run(Helper.read(from.space()), context.address(to), size, address(from));
    }

    /** Up to a zero, at most so many bytes with it. */
    void copyText(Location from, Place to, Operand size) {
        new Confinement(context).check(from.space());
        context.code.run(Helper.readText(from.space()), context.address(to), size, address(from));
    }

    /** Copies `size` bytes to the stack and loads them; 0 if they cannot be read. */
    int read(Location location, int size) {
        var place = context.take(8);
        copy(location, place, new Imm(size));
        return context.code.load(place.base(), place.offset(), size);
    }

    /** A number or a pointer behind a field, an index or a dereference. */
    int value(Expr expr) {
        var type = context.type(expr);
        if (expr instanceof Expr.Field field && field.of() instanceof Expr.Name(var _, var name) && name.equals("args"))
            return argument(field);
        var location = location(expr);
        int size = type instanceof Type.Int(int bytes, var _) ? bytes : 8;
        int value = read(location, size);
        if (expr instanceof Expr.Field field) {
            var member = member(field);
            if (member.bits() > 0) return bits(value, member, type);
        }
        return type instanceof Type.Int(int bytes, boolean signed) && signed
                ? context.values.narrow(value, bytes, true)
                : value;
    }

    private int bits(int value, Layout.Member member, Type type) {
        boolean signed = type instanceof Type.Int(int _, boolean s) && s;
        int up = context.code.alu(Op.LSH, value, 64 - member.shift() - member.bits());
        return context.code.alu(signed ? Op.ARSH : Op.RSH, up, 64 - member.bits());
    }

    private Layout.Member member(Expr.Field field) {
        var of = context.type(field.of());
        var target = of instanceof Type.Pointer(var t, var _) ? t : of;
        return context.structs
                .layout(((Type.Struct) target).name())
                .orElseThrow()
                .members()
                .get(field.name());
    }

    /** Where a field, an element or what a pointer points to is. */
    Location location(Expr expr) {
        return switch (expr) {
            case Expr.Field field when isArgument(field) -> argumentLocation(field);
            case Expr.Field field -> base(field.of()).plus(member(field).offset());
            case Expr.Index(var _, var of, var index) -> element(of, index);
            case Expr.Unary(var _, var _, var operand, var _) -> pointed(operand);
            default -> context.type(expr) instanceof Type.Block ? own(context.memory.stored(expr)) : pointed(expr);
        };
    }

    private static Location own(Place place) {
        return new Location(place.base(), place.offset(), Space.OWN);
    }

    private static boolean isArgument(Expr.Field field) {
        return field.of() instanceof Expr.Name(var _, var name) && name.equals("args");
    }

    private Location base(Expr of) {
        return context.type(of) instanceof Type.Pointer ? pointed(of) : location(of);
    }

    private Location pointed(Expr pointer) {
        boolean user = context.type(pointer) instanceof Type.Pointer(var _, boolean u)
                ? u
                : context.instance().userSpace();
        return new Location(context.values.register(pointer), 0, Space.of(user));
    }

    private Location element(Expr of, Expr index) {
        var type = context.type(of);
        var base = base(of);
        int size = switch (type) {
            case Type.Array(Type element, int _) -> context.structs.size(element);
            case Type.Pointer(Type target, var _) -> context.structs.size(target);
            default -> 1;
        };
        var constant = context.constant(index);
        if (constant.isPresent())
            return base.plus((int) (size * constant.getAsLong())).beyond(!has(type, constant.getAsLong()));
        int place = context.values.register(index);
        if (base.space() == Space.OWN) return ownElement(base, place, size, elements(type));
        int bytes = context.code.alu(Op.MUL, place, size);
        return new Location(context.code.alu(Op.ADD, bytes, new Reg(base.base())), base.offset(), base.space());
    }

    /** Nowhere, which reads as 0, where there are fewer elements: the verifier wants to see that pointers of its own stay where they belong. */
    private Location ownElement(Location base, int index, int size, int elements) {
        var code = context.code;
        int address = code.register();
        int done = code.label();
        code.add(new Ir.Const(address, 0));
        code.branch(Ir.Condition.GE, index, elements, done);
        int start = address(base) instanceof Reg(int number) ? number : base.base();
        code.move(address, code.alu(Op.ADD, start, new Reg(code.alu(Op.MUL, index, size))));
        code.place(done);
        return new Location(address, 0, Space.KERNEL);
    }

    private static boolean has(Type type, long index) {
        return index >= 0 && index < elements(type);
    }

    private static int elements(Type type) {
        return switch (type) {
            case Type.Array(Type _, int count) -> count;
            case Type.Text(int size) -> size;
            default -> 0;
        };
    }

    /** What a tracepoint hands over and fits into a register. */
    private int argument(Expr.Field field) {
        var code = context.code;
        var type = context.type(field);
        var raw = context.instance().raw();
        for (int i = 0; i < raw.size(); i++)
            if (raw.get(i).name().equals(field.name()))
                return sized(code.load(context.given(), place(raw.get(i).offset(), i), 8), type);
        var found = format(field);
        if (context.instance().target() instanceof Target.Syscall(var _, boolean enter)) {
            if (found.offset() < 16) return context.syscallNumber;
            if (!enter) return sized(code.load(context.given(), 8, 8), type);
            int registers = code.load(context.given(), 0, 8);
            return sized(code.load(registers, context.arch.syscallArgument((found.offset() - 16) / 8), 8), type);
        }
        return sized(code.load(context.given(), found.offset(), found.size()), type);
    }

    /** Of a user's function in the register that carries it. */
    private int place(int offset, int index) {
        return context.instance().target() instanceof Target.Uprobe
                ? context.arch.argument(offset / 8).orElseThrow()
                : 8 * index;
    }

    private int sized(int value, Type type) {
        return type instanceof Type.Int(int size, boolean signed) ? context.values.narrow(value, size, signed) : value;
    }

    private Tracepoint.Field format(Expr.Field field) {
        return context.instance().format().orElseThrow().field(field.name()).orElseThrow();
    }

    private Location argumentLocation(Expr.Field field) {
        var found = format(field);
        if (!found.dynamic()) return new Location(context.given(), found.offset(), Space.OWN);
        int where = context.values.narrow(context.code.load(context.given(), found.offset(), 4), 2, false);
        return new Location(context.code.alu(Op.ADD, where, new Reg(context.given())), 0, Space.OWN);
    }
}
