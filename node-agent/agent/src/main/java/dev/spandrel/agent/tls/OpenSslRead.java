package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.code.Code;
import dev.spandrel.ebpf.code.Passage;
import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where OpenSSL copies plaintext to who reads: in ssl3_read_bytes(ssl, type, type_read, buffer, length, peek, …), which has no exported name but stands in the table that TLS_method returns.
 * That place is passed only where there is something to read, once for each record, and takes one probe instead of an entry and a return of each call.
 */
final class OpenSslRead {
    private static final String METHOD = "TLS_method";
    private static final String BIO = "SSL_get_rbio";
    private static final int WORDS_OF_METHOD = 32;
    private static final int LARGEST = 16 << 10;
    /** Arguments of ssl3_read_bytes. */
    private static final int SSL = 0, TYPE = 1, BUFFER = 3, PEEK = 5;
    /** The program reads so much of the frame at once. */
    private static final int WINDOW = 64;

    private OpenSslRead() {}

    static boolean isOne(String name) {
        return name.equals(METHOD) || name.equals(BIO);
    }

    static Optional<Spot> in(ElfFile file, Map<String, ElfFunction> functions) {
        if (!functions.containsKey(METHOD)) return Optional.empty();
        var method = Routine.of(file, functions.get(METHOD));
        var table = Code.addressReturned(method.code(), method.function().address());
        if (table.isEmpty()) return Optional.empty();
        return Arrays.stream(file.pointers(table.getAsLong(), WORDS_OF_METHOD))
                .mapToObj(file::functionAt)
                .flatMap(Optional::stream)
                .filter(function -> function.size() <= LARGEST)
                .map(function -> Routine.of(file, function))
                .flatMap(routine -> spot(routine, file, functions).stream())
                .findFirst();
    }

    private static Optional<Spot> spot(Routine routine, ElfFile file, Map<String, ElfFunction> functions) {
        return Passage.of(routine.code(), BUFFER, SSL, TYPE, PEEK)
                .flatMap(passage -> cookie(passage.words(), bioAt(file, functions))
                        .flatMap(cookie -> routine.at(Spot.OPENSSL_READ, passage.offset(), cookie, false).stream()
                                .findFirst()));
    }

    /** {@code sp_openssl_read} of tls.h: where the window begins, where in it the three are, and where the object names its BIO. */
    private static Optional<Long> cookie(List<Integer> words, int bio) {
        int from = Collections.min(words) & ~7;
        if (from > 0xffff || Collections.max(words) + 8 - from > WINDOW || (words.getFirst() & 7) != 0)
            return Optional.empty();
        long cookie = from | (long) bio << 40;
        for (int i = 0; i < words.size(); i++) cookie |= (long) (words.get(i) - from) << 16 + 8 * i;
        return Optional.of(cookie);
    }

    private static int bioAt(ElfFile file, Map<String, ElfFunction> functions) {
        return Optional.ofNullable(functions.get(BIO))
                .map(function -> Code.fieldReturned(Routine.of(file, function).code()))
                .filter(field -> field.orElse(-1) >= 0 && field.getAsInt() <= 0xffff)
                .map(field -> field.getAsInt())
                .orElse(0);
    }
}
