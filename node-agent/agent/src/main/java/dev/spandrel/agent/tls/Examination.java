package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.elf.ElfFile;
import java.nio.file.Path;

/** Looks into a file for TLS. */
final class Examination {
    private Examination() {}

    static Found of(Path path) {
        return switch (ElfFile.open(path)) {
            case ElfFile.Opened.Refused(var reason) -> new Found.Nothing();
            case ElfFile.Opened.Elf(var file) ->
                file.machine() == ElfFile.X86_64 ? in(file) : new Found.Refused("any", "only x86-64 code is read");
        };
    }

    private static Found in(ElfFile file) {
        var go = GoTls.in(file);
        if (!(go instanceof Found.Nothing)) return go;
        var functions = file.functions(name -> OpenSsl.isOne(name) || GnuTls.isOne(name));
        var openSsl = OpenSsl.in(file, functions);
        return openSsl instanceof Found.Nothing ? GnuTls.in(file, functions) : openSsl;
    }
}
