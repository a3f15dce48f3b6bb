package dev.spandrel.probe.live.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** The kernel's functions by address. */
public final class KernelSymbols {
    private record Symbol(long address, String name) {}

    private final List<Symbol> byAddress;
    private final long[] addresses;

    private KernelSymbols(List<Symbol> byAddress) {
        this.byAddress = byAddress;
        addresses =
                byAddress.stream().mapToLong(s -> s.address() ^ Long.MIN_VALUE).toArray();
    }

    static KernelSymbols read() {
        var found = new ArrayList<Symbol>();
        try (var lines = Files.newBufferedReader(Path.of("/proc/kallsyms"))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.length() < 20) continue;
                char type = line.charAt(17);
                if (type != 't' && type != 'T' && type != 'w' && type != 'W') continue;
                long address = Long.parseUnsignedLong(line.substring(0, 16), 16);
                int end = line.indexOf('\t', 19);
                if (address != 0) found.add(new Symbol(address, line.substring(19, end < 0 ? line.length() : end)));
            }
        } catch (IOException | NumberFormatException e) {
            return new KernelSymbols(List.of());
        }
        found.sort(Comparator.comparingLong(s -> s.address() ^ Long.MIN_VALUE));
        return new KernelSymbols(List.copyOf(found));
    }

    /** Of functions, in order. */
    List<String> names() {
        return byAddress.stream().map(Symbol::name).distinct().sorted().toList();
    }

    /** Of functions and of data. */
    static OptionalLong address(String name) {
        try (var lines = Files.lines(Path.of("/proc/kallsyms"))) {
            return lines.filter(line -> line.endsWith(" " + name))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(0, 16), 16))
                    .filter(address -> address != 0)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** name+offset; the address itself if nothing is known. */
    public String show(long address, boolean offset) {
        int at = Arrays.binarySearch(addresses, address ^ Long.MIN_VALUE);
        int index = at >= 0 ? at : -at - 2;
        if (address == 0) return "0";
        if (index < 0) return "0x" + Long.toHexString(address);
        var symbol = byAddress.get(index);
        return offset ? symbol.name() + "+" + (address - symbol.address()) : symbol.name();
    }
}
