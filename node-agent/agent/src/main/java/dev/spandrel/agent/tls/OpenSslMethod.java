package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.code.Code;
import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** OpenSSL's functions without an exported name that stand in the table that TLS_method returns, and where an object of it names its BIO (0: that is not known). */
record OpenSslMethod(List<Routine> functions, int bioAt) {
    private static final String METHOD = "TLS_method";
    private static final String BIO = "SSL_get_rbio";
    private static final int WORDS = 32;
    private static final int LARGEST = 16 << 10;

    static boolean isOne(String name) {
        return name.equals(METHOD) || name.equals(BIO);
    }

    static OpenSslMethod of(ElfFile file, Map<String, ElfFunction> functions) {
        return new OpenSslMethod(
                Optional.ofNullable(functions.get(METHOD))
                        .map(function -> Routine.of(file, function))
                        .map(method -> inTableOf(method, file))
                        .orElse(List.of()),
                Optional.ofNullable(functions.get(BIO))
                        .map(function ->
                                Code.fieldReturned(Routine.of(file, function).code()))
                        .filter(field -> field.orElse(-1) >= 0 && field.getAsInt() <= 0xffff)
                        .map(field -> field.getAsInt())
                        .orElse(0));
    }

    private static List<Routine> inTableOf(Routine method, ElfFile file) {
        var table = Code.addressReturned(method.code(), method.function().address());
        if (table.isEmpty()) return List.of();
        return Arrays.stream(file.pointers(table.getAsLong(), WORDS))
                .mapToObj(file::functionAt)
                .flatMap(Optional::stream)
                .filter(function -> function.size() <= LARGEST)
                .map(function -> Routine.of(file, function))
                .toList();
    }
}
