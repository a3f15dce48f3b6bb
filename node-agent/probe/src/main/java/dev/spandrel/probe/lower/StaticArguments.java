package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.StaticArgument;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Reg;

/** Reads arguments of static probes from where their notes say they are. */
final class StaticArguments {
    private final Context context;

    StaticArguments(Context context) {
        this.context = context;
    }

    int value(StaticArgument argument) {
        return switch (argument.operand()) {
            case StaticArgument.Constant(long value) -> context.code.constant(value);
            case StaticArgument.Register(var name) ->
                context.values.narrow(register(name), argument.bytes(), argument.signed());
            case StaticArgument.Memory memory -> {
                var location = new Fields.Location(address(memory), (int) memory.distance(), Space.PROCESS);
                int read = context.values.fields().read(location, argument.bytes());
                yield argument.signed() ? context.values.narrow(read, argument.bytes(), true) : read;
            }
            case StaticArgument.Unknown _ -> context.code.constant(0);
        };
    }

    private int address(StaticArgument.Memory memory) {
        int base = register(memory.base());
        if (memory.index().isEmpty()) return base;
        int index = context.code.alu(Op.MUL, register(memory.index().get()), memory.scale());
        return context.code.alu(Op.ADD, index, new Reg(base));
    }

    private int register(String name) {
        return context.code.load(context.given(), context.arch.offset(name).orElse(0), 8);
    }
}
