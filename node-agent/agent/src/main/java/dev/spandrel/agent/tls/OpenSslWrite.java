package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.code.CallSite;
import java.util.ArrayList;
import java.util.List;

/**
 * Where OpenSSL makes records of plaintext: in ssl3_write_bytes(ssl, type, buffer, length, …), which calls do_ssl3_write(ssl, type, buffer, lengths, …) once for what becomes a record. What a
 * socket did not take yet is sent by ssl3_write_pending(ssl, type, buffer, length, …), and passes no such call again. Some ciphers make several records at once: they go straight to ssl3_write_pending, by
 * another call of it.
 */
final class OpenSslWrite {
    private static final int SSL = 0, TYPE = 1, BUFFER = 2, LENGTH = 3;

    private OpenSslWrite() {}

    /** Empty where there is no such function, or it has a call that cannot be told. */
    static List<Spot> in(OpenSslMethod method) {
        return method.functions().stream()
                .map(routine -> spots(routine, method.bioAt()))
                .filter(spots -> !spots.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static List<Spot> spots(Routine routine, int bio) {
        var sites = CallSite.in(routine.code()).stream()
                .filter(site -> site.hands(SSL, SSL) && site.leadsTo(BUFFER, BUFFER))
                .toList();
        var records = sites.stream().filter(site -> isRecord(site)).toList();
        var pending = sites.stream().filter(site -> isPending(site)).toList();
        if (records.size() != 1 || pending.size() != 1) return List.of();
        var spots = new ArrayList<>(at(routine, records.getFirst(), Spot.SENDS, bio));
        for (var site : CallSite.in(routine.code())) {
            if (site.target() != pending.getFirst().target()
                    || site.offset() == pending.getFirst().offset()) continue;
            if (sites.stream().noneMatch(known -> known.offset() == site.offset())) return List.of();
            spots.addAll(at(routine, site, Spot.SENDS | Spot.BATCH, bio));
        }
        return spots;
    }

    /** The lengths are in an array of the function's own. */
    private static boolean isRecord(CallSite site) {
        return site.hands(TYPE, TYPE) && site.isInFrame(LENGTH);
    }

    /** The length is what the object remembers. */
    private static boolean isPending(CallSite site) {
        return site.hands(TYPE, TYPE) && site.isField(LENGTH);
    }

    private static List<Spot> at(Routine routine, CallSite site, int kind, int bio) {
        return routine.at(Spot.OPENSSL_WRITE, site.offset(), kind | (long) bio << 40, false);
    }
}
