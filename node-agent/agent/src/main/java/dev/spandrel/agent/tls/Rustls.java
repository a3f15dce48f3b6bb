package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/** rustls 0.23 in files that kept their symbols. Names are mangled in one of two ways, and end with what differs by build: the parts that count are in both. */
final class Rustls {
    private static final String STATE = "11CommonState";
    private static final String RECEIVED = "23take_received_plaintext";
    private static final String SENT = "16buffer_plaintext";

    private Rustls() {}

    static boolean isOne(String name) {
        return name.contains("6rustls") && name.contains(STATE) && (name.contains(RECEIVED) || name.contains(SENT));
    }

    static Found in(ElfFile file, Map<String, ElfFunction> functions) {
        var received = named(functions, RECEIVED);
        var sent = named(functions, SENT);
        if (received.isEmpty() && sent.isEmpty()) return new Found.Nothing();
        if (received.isEmpty() || sent.isEmpty())
            return new Found.Refused(
                    "rustls", Cause.CODE, "one of the functions that plaintext passes through is inlined");
        var spots = new ArrayList<Spot>();
        spots.addAll(Routine.of(file, received.get()).entry(Spot.RUSTLS_READ, 2, 0));
        spots.addAll(Routine.of(file, sent.get()).call(Spot.RUSTLS_WRITE, 2, Spot.LONG | Spot.SENDS));
        return new Found.Library("rustls", spots);
    }

    private static Optional<ElfFunction> named(Map<String, ElfFunction> functions, String part) {
        return functions.entrySet().stream()
                .filter(function ->
                        isOne(function.getKey()) && function.getKey().contains(part))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
