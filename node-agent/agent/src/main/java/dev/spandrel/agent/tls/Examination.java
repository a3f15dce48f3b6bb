package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.elf.ElfFile;
import java.nio.file.Path;

/** Looks into a file for TLS. */
final class Examination {
    private Examination() {}

    static Found of(Path path) {
        try {
            return switch (ElfFile.open(path)) {
                case ElfFile.Opened.Refused(var reason) -> new Found.Nothing();
                case ElfFile.Opened.Elf(var file) -> file.machine() == ElfFile.X86_64 ? in(file) : elsewhere(file);
            };
        } catch (InternalError e) {
            // It was cut while it was looked at: what runs it is about to end.
            return new Found.Nothing();
        }
    }

    private static Found in(ElfFile file) {
        var go = GoTls.in(file);
        if (!(go instanceof Found.Nothing)) return go;
        var functions = file.functions(Examination::isOne);
        var openSsl = OpenSsl.in(file, functions);
        if (!(openSsl instanceof Found.Nothing)) return openSsl;
        var gnuTls = GnuTls.in(file, functions);
        if (!(gnuTls instanceof Found.Nothing)) return gnuTls;
        var rustls = Rustls.in(file, functions);
        return rustls instanceof Found.Nothing ? Nameless.in(file) : rustls;
    }

    /** Code that cannot be read, so there is no place for a probe to be found. */
    private static Found elsewhere(ElfFile file) {
        var functions = file.functions(Examination::isOne);
        if (functions.isEmpty() && !GoTls.isIn(file)) return new Found.Nothing();
        var library = functions.keySet().stream().findAny();
        return new Found.Refused(
                library.map(Examination::libraryOf).orElse("go"),
                Cause.PROCESSOR,
                "its code is not x86-64's, the only one in which places for probes are found");
    }

    private static boolean isOne(String name) {
        return OpenSsl.isOne(name) || GnuTls.isOne(name) || Rustls.isOne(name);
    }

    private static String libraryOf(String function) {
        if (OpenSsl.isOne(function)) return "openssl";
        return GnuTls.isOne(function) ? "gnutls" : "rustls";
    }
}
