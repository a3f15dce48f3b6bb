package dev.spandrel.probe.live.show;

import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The functions of one file by address.
 *
 * @param shift from a place in the file to an address
 */
record FileSymbols(NavigableMap<Long, ElfFunction> functions, long shift) {
    static final FileSymbols NONE = new FileSymbols(new TreeMap<>(), 0);

    static FileSymbols read(Path path) {
        if (!(ElfFile.open(path) instanceof ElfFile.Opened.Elf(var elf))) return NONE;
        var functions = new TreeMap<Long, ElfFunction>();
        elf.functions(name -> true).values().forEach(f -> functions.putIfAbsent(f.address(), f));
        elf.goFunctions(name -> true).values().forEach(f -> functions.putIfAbsent(f.address(), f));
        if (functions.isEmpty()) return NONE;
        long first = functions.firstKey();
        return new FileSymbols(functions, first - elf.fileOffset(first).orElse(first));
    }
}
