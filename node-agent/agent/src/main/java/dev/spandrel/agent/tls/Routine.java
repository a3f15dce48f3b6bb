package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.code.Abi;
import dev.spandrel.ebpf.code.Exits;
import dev.spandrel.ebpf.code.Placement;
import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A function of a file with its code. */
record Routine(ElfFile file, ElfFunction function, byte[] code) {
    /** As much of a function is read whose size the file does not say. */
    private static final int UNKNOWN_SIZE = 2048;

    static Routine of(ElfFile file, ElfFunction function) {
        long size = function.size() == 0 ? UNKNOWN_SIZE : function.size();
        return new Routine(file, function, file.bytes(function.address(), size));
    }

    /** The function that this one hands its arguments to before anything else. */
    Optional<Routine> delegate() {
        return Exits.delegate(code, Abi.SYSTEM_V)
                .map(to -> of(file, new ElfFunction(function.name() + " delegate", function.address() + to, 0)))
                .filter(routine -> routine.code.length > 0);
    }

    /** Where it begins. */
    List<Spot> entry(String program, int arguments, long cookie) {
        return at(program, Placement.of(code, Abi.SYSTEM_V, arguments).offset(), cookie, false);
    }

    /** Where it begins and where its result is there: without a return probe if the code has places for it. */
    List<Spot> call(int arguments, long cookie) {
        return call(Spot.ENTER, arguments, cookie);
    }

    /** The same, with a program of its own where it begins. */
    List<Spot> call(String enter, int arguments, long cookie) {
        var spots = new ArrayList<>(entry(enter, arguments, cookie));
        var exits = Exits.of(code);
        if (exits.isPresent()) exits.get().forEach(exit -> spots.addAll(at(Spot.LEAVE, exit, cookie, false)));
        else spots.addAll(at(Spot.LEAVE, Placement.ofReturn(code).offset(), cookie, true));
        return spots;
    }

    List<Spot> at(String program, int place, long cookie, boolean atReturn) {
        return file.fileOffset(function.address() + place).stream()
                .mapToObj(offset -> new Spot(program, offset, cookie, atReturn))
                .toList();
    }
}
