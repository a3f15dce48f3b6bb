package dev.spandrel.probe.lower;

import dev.spandrel.probe.check.Uses;
import dev.spandrel.probe.codegen.Generator;
import dev.spandrel.probe.ir.Code;
import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.syntax.Statement;
import dev.spandrel.probe.type.Aggregate;
import java.util.List;

/**
 * Goes through a map: the loop's body is a function that the kernel calls for each entry. It is handed an area of the program's stack,
 * through which it reads and writes the program's variables.
 */
final class MapLoops {
    private static final int STOPPED = 8;
    private static final int REQUEST = 16;
    private static final int SYSCALL = 24;
    private static final int POINT = 32;
    private static final int VARIABLES = 40;

    private final Context program;

    MapLoops(Context program) {
        this.program = program;
    }

    static boolean has(Statement.Block body) {
        boolean[] found = {false};
        Uses.statements(body, s -> found[0] |= s instanceof Statement.ForMap);
        return found[0];
    }

    /** How many entries there are. */
    int count(String map) {
        var nothing = new Code();
        nothing.add(new Ir.Exit(0));
        return call(map, Generator.callback(nothing, 2 * Long.BYTES), new Imm(0));
    }

    void loop(Statement.ForMap loop) {
        var code = program.code;
        var variables = program.scalars.keySet().stream().sorted().toList();
        int area = program.frame.takeOnStack(VARIABLES + 8 * variables.size());
        code.store(Ir.FRAME, area, 8, program.given());
        code.store(Ir.FRAME, area + STOPPED, 8, 0L);
        keep(area + REQUEST, program.requests.found());
        keep(area + SYSCALL, program.syscallNumber);
        keep(area + POINT, program.pointIndex);
        for (int i = 0; i < variables.size(); i++)
            code.store(Ir.FRAME, area + VARIABLES + 8 * i, 8, program.scalars.get(variables.get(i)));
        var body = function(loop, area, variables);
        call(loop.map(), Generator.callback(body.code, body.frame.bytes()), program.address(Place.frame(area)));
        for (int i = 0; i < variables.size(); i++)
            code.add(new Ir.Load(program.scalars.get(variables.get(i)), Ir.FRAME, area + VARIABLES + 8 * i, 8));
        code.branch(Condition.NE, code.load(Ir.FRAME, area + STOPPED, 8), 0, program.end);
    }

    private void keep(int at, int register) {
        if (register != Ir.NOWHERE) program.code.store(Ir.FRAME, at, 8, register);
    }

    private int call(String map, Generator.Generated function, Ir.Operand area) {
        var code = program.code;
        int address = code.register();
        code.add(new Ir.FunctionAddress(address, program.functions.size()));
        program.functions.add(function);
        return code.call(Helper.FOR_EACH, code.map(map), new Reg(address), area, new Imm(0));
    }

    private Context function(Statement.ForMap loop, int area, List<String> variables) {
        var inside = new Context(program);
        var code = inside.code;
        code.at(loop.span());
        if (program.requests.found() != Ir.NOWHERE) inside.requests.found(code.load(Ir.CONTEXT, REQUEST, 8));
        if (program.syscallNumber != Ir.NOWHERE) inside.syscallNumber = code.load(Ir.CONTEXT, SYSCALL, 8);
        if (program.pointIndex != Ir.NOWHERE) inside.pointIndex = code.load(Ir.CONTEXT, POINT, 8);
        for (int i = 0; i < variables.size(); i++)
            inside.scalars.put(variables.get(i), code.load(Ir.CONTEXT, VARIABLES + 8 * i, 8));
        program.blocks.forEach((name, place) -> inside.blocks.put(
                name,
                place.base() == Ir.FRAME
                        ? new Place(Ir.CONTEXT, place.offset() - area)
                        : new Place(inside.scratchBase(), place.offset())));
        if (program.cgroup != Ir.NOWHERE) inside.cgroup = code.call(Helper.CGROUP_ID);
        int afterVariables = code.size();
        inside.blocks.put(loop.variable(), entry(inside, loop.map()));
        body(inside, loop, variables);
        Lowering.findScratch(inside, afterVariables);
        program.frame.needsScratch(inside.frame.scratchBytes());
        return inside;
    }

    /** Key and value, one behind the other. Whose it is, where that is part of the key, the program does not see. */
    private static Place entry(Context inside, String map) {
        var code = inside.code;
        var spec = inside.tables.maps.get(map);
        int keyBytes = spec.keyBytes();
        var value = spec.shape().orElseThrow().value();
        var place = inside.take(keyBytes + value.stored());
        copy(inside, code.load(Ir.FRAME, 0, 8), place, keyBytes);
        if (value instanceof Aggregate aggregate) {
            int total = new Totals(inside).of(map, place, aggregate);
            code.store(place.base(), place.offset() + keyBytes, 8, total);
        } else copy(inside, code.load(Ir.FRAME, 8, 8), place.plus(keyBytes), value.stored());
        return place.plus(inside.maps.ownerBytes(spec));
    }

    private static void copy(Context inside, int from, Place to, int bytes) {
        for (int at = 0; at < bytes; at += 8)
            inside.code.store(to.base(), to.offset() + at, 8, inside.code.load(from, at, 8));
    }

    private static void body(Context inside, Statement.ForMap loop, List<String> variables) {
        var code = inside.code;
        int next = code.label();
        int broken = code.label();
        new Statements(inside).loopBody(loop.body(), next, broken);
        code.at(loop.span());
        code.place(next);
        leave(inside, variables, 0);
        code.place(broken);
        leave(inside, variables, 1);
        code.place(inside.end);
        code.store(Ir.CONTEXT, STOPPED, 8, 1L);
        leave(inside, variables, 1);
    }

    private static void leave(Context inside, List<String> variables, int value) {
        for (int i = 0; i < variables.size(); i++)
            inside.code.store(Ir.CONTEXT, VARIABLES + 8 * i, 8, inside.scalars.get(variables.get(i)));
        inside.code.add(new Ir.Exit(value));
    }
}
