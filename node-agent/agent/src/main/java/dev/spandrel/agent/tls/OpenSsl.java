package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.code.Code;
import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** OpenSSL 1.1 and 3, BoringSSL and others with the same functions, in a library or linked into a program with its symbols. */
final class OpenSsl {
    private OpenSsl() {}

    static boolean isOne(String name) {
        return switch (name) {
            case "SSL_read", "SSL_read_ex", "SSL_write", "SSL_write_ex", "SSL_free" -> true;
            default -> OpenSslMethod.isOne(name);
        };
    }

    static Found in(ElfFile file, Map<String, ElfFunction> functions) {
        if (!functions.containsKey("SSL_read") || !functions.containsKey("SSL_write")) return new Found.Nothing();
        var spots = new ArrayList<Spot>();
        var method = OpenSslMethod.of(file, functions);
        OpenSslRead.in(method)
                .ifPresentOrElse(spots::add, () -> spots.addAll(transfer(file, functions, "SSL_read", 0)));
        var writes = OpenSslWrite.in(method);
        spots.addAll(writes.isEmpty() ? transfer(file, functions, "SSL_write", Spot.SENDS) : writes);
        routine(file, functions, "SSL_free").ifPresent(free -> spots.addAll(free.entry(Spot.FREE, 1, 0)));
        return new Found.Library("openssl", spots);
    }

    /** Both forms of a call mostly lead to one inner function: probed there, each costs one place. */
    private static List<Spot> transfer(ElfFile file, Map<String, ElfFunction> functions, String name, long cookie) {
        var plain = routine(file, functions, name);
        var extended = routine(file, functions, name + "_ex");
        var inner = extended.flatMap(Routine::delegate)
                .filter(to -> plain.isPresent()
                        && !Code.callsOf(
                                        plain.get().code(),
                                        to.function().address()
                                                - plain.get().function().address())
                                .isEmpty());
        if (inner.isPresent()) return inner.get().call(4, cookie | Spot.BY_POINTER);
        var spots = new ArrayList<Spot>();
        plain.ifPresent(routine -> spots.addAll(routine.call(3, cookie)));
        extended.ifPresent(routine -> spots.addAll(routine.call(4, cookie | Spot.BY_POINTER)));
        return spots;
    }

    private static Optional<Routine> routine(ElfFile file, Map<String, ElfFunction> functions, String name) {
        return Optional.ofNullable(functions.get(name)).map(function -> Routine.of(file, function));
    }
}
