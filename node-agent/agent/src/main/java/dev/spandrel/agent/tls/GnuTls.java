package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import java.util.ArrayList;
import java.util.Map;

/** GnuTLS 3. */
final class GnuTls {
    private static final String RECEIVE = "gnutls_record_recv";
    private static final String SEND = "gnutls_record_send";
    private static final String FREE = "gnutls_deinit";

    private GnuTls() {}

    static boolean isOne(String name) {
        return name.equals(RECEIVE) || name.equals(SEND) || name.equals(FREE);
    }

    static Found in(ElfFile file, Map<String, ElfFunction> functions) {
        if (!functions.containsKey(RECEIVE) || !functions.containsKey(SEND)) return new Found.Nothing();
        var spots = new ArrayList<Spot>();
        spots.addAll(Routine.of(file, functions.get(RECEIVE)).call(3, Spot.LONG));
        spots.addAll(Routine.of(file, functions.get(SEND)).call(3, Spot.LONG | Spot.SENDS));
        if (functions.containsKey(FREE))
            spots.addAll(Routine.of(file, functions.get(FREE)).entry(Spot.FREE, 1, 0));
        return new Found.Library("gnutls", spots);
    }
}
