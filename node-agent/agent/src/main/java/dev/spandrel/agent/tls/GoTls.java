package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.code.Abi;
import dev.spandrel.ebpf.code.Code;
import dev.spandrel.ebpf.code.Placement;
import dev.spandrel.ebpf.elf.ElfFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * crypto/tls of Go programs, stripped ones too. What is written is there when Write begins; what is read passes through one copy to the caller's slice: the call of
 * runtime.memmove is a place that the kernel emulates, with source and length in registers, and no return probe is needed. Beside it, where net/http hands a request over to
 * the goroutine of a connection, encrypted or not: there it is known for whom it is made.
 */
final class GoTls {
    private static final String READ = "crypto/tls.(*Conn).Read";
    private static final String WRITE = "crypto/tls.(*Conn).Write";
    private static final String HAND_OVER = "net/http.(*persistConn).roundTrip";
    private static final String COPY = "runtime.memmove";

    private GoTls() {}

    /** Whether the code is there, whatever the processor. */
    static boolean isIn(ElfFile file) {
        return file.section(".go.buildinfo").isPresent()
                && !file.goFunctions(READ::equals).isEmpty();
    }

    static Found in(ElfFile file) {
        if (file.section(".go.buildinfo").isEmpty()) return new Found.Nothing();
        var functions = file.goFunctions(Set.of(READ, WRITE, COPY, HAND_OVER)::contains);
        if (functions.isEmpty()) return refused("its table of functions is not one of Go 1.18 or newer");
        if (!functions.containsKey(READ) || !functions.containsKey(WRITE)) return new Found.Nothing();
        var read = Routine.of(file, functions.get(READ));
        var write = Routine.of(file, functions.get(WRITE));
        var copies = Code.callsOf(
                read.code(), functions.get(COPY).address() - read.function().address());
        var slot = Code.firstArgumentSlot(read.code());
        if (copies.isEmpty() || slot.isEmpty())
            return refused("this compiler's (*Conn).Read has no copy that can be found");
        var spots = new ArrayList<Spot>();
        copies.forEach(copy -> spots.addAll(read.at(Spot.GO_READ, copy, slot.getAsInt(), false)));
        spots.addAll(begin(write, Spot.GO_WRITE));
        if (functions.containsKey(HAND_OVER))
            spots.addAll(begin(Routine.of(file, functions.get(HAND_OVER)), Spot.GO_HAND_OVER));
        return new Found.Library("go", spots);
    }

    private static List<Spot> begin(Routine routine, String program) {
        return routine.at(program, Placement.of(routine.code(), Abi.GO).offset(), 0, false);
    }

    private static Found refused(String reason) {
        return new Found.Refused("go", Cause.CODE, reason);
    }
}
