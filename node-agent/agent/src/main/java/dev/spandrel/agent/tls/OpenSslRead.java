package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.code.Passage;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Where OpenSSL copies plaintext to who reads: in ssl3_read_bytes(ssl, type, type_read, buffer, length, peek, …). That place is passed only where there is something to read, once for each
 * record, and takes one probe instead of an entry and a return of each call.
 */
final class OpenSslRead {
    /** Arguments of ssl3_read_bytes. */
    private static final int SSL = 0, TYPE = 1, BUFFER = 3, PEEK = 5;
    /** The program reads so much of the frame at once. */
    private static final int WINDOW = 64;

    private OpenSslRead() {}

    static Optional<Spot> in(OpenSslMethod method) {
        return method.functions().stream()
                .flatMap(routine -> spot(routine, method.bioAt()).stream())
                .findFirst();
    }

    private static Optional<Spot> spot(Routine routine, int bio) {
        return Passage.of(routine.code(), BUFFER, SSL, TYPE, PEEK)
                .flatMap(passage -> cookie(passage.words(), bio)
                        .flatMap(cookie -> routine.at(Spot.OPENSSL_READ, passage.offset(), cookie, false).stream()
                                .findFirst()));
    }

    /** {@code sp_openssl_read}: where the window begins, where in it the three are, and where the object names its BIO. */
    private static Optional<Long> cookie(List<Integer> words, int bio) {
        int from = Collections.min(words) & ~7;
        if (from > 0xffff || Collections.max(words) + 8 - from > WINDOW || (words.getFirst() & 7) != 0)
            return Optional.empty();
        long cookie = from | (long) bio << 40;
        for (int i = 0; i < words.size(); i++) cookie |= (long) (words.get(i) - from) << 16 + 8 * i;
        return Optional.of(cookie);
    }
}
