package dev.spandrel.ebpf.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function of real files, against binutils: where instructions end, and that the chosen place is what it says it is. */
class DisassemblyTest {
    private static final Set<String> EMULATED = Set.of("push", "nop", "xchg", "call", "callq", "jmp", "jmpq", "pause");
    private static final Set<String> READ_ONLY = Set.of(
            "cmp",
            "cmpb",
            "cmpw",
            "cmpl",
            "cmpq",
            "test",
            "testb",
            "testw",
            "testl",
            "testq",
            "push",
            "nop",
            "nopw",
            "nopl",
            "bt",
            "ucomisd",
            "ucomiss",
            "comisd",
            "comiss",
            "prefetcht0",
            "prefetchw");
    private static final List<String> ARGUMENTS = List.of("di", "si", "dx", "cx", "r8", "r9");
    private static final List<String> GO_ARGUMENTS = List.of("ax", "bx", "cx", "di", "si", "r8", "r9", "r10", "r11");

    record Real(String name, Path file, Abi abi, int atLeast) {
        @Override
        public String toString() {
            return name;
        }

        Collection<ElfFunction> functions() {
            var elf = ((ElfFile.Opened.Elf) ElfFile.open(file)).file();
            return (abi == Abi.GO ? elf.goFunctions(name -> true) : elf.functions(name -> true)).values();
        }
    }

    static Stream<Real> files() {
        return Stream.of(
                new Real("libssl", Disassembly.library("libssl.so.3"), Abi.SYSTEM_V, 500),
                new Real("libc", Disassembly.library("libc.so.6"), Abi.SYSTEM_V, 1500),
                new Real("a Go program", goProgram(), Abi.GO, 1500));
    }

    /** Go's own formatter: a real program that every installation has. */
    private static Path goProgram() {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/local/go/bin", "/usr/lib/go/bin"))
                .map(folder -> Path.of(folder, "gofmt"))
                .filter(Files::exists)
                .findFirst()
                .orElseGet(() -> Disassembly.missing("gofmt is missing: install Go"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void instructionsEndWhereBinutilsSaysTheyEnd(Real real) throws Exception {
        var disassembly = Disassembly.of(real.file());
        var elf = ((ElfFile.Opened.Elf) ElfFile.open(real.file())).file();
        var differences = new ArrayList<String>();
        int compared = 0;
        for (var function : real.functions()) {
            byte[] code = elf.code(function);
            for (int at = 0; at < code.length; ) {
                var line = disassembly.lines().get(function.address() + at);
                if (line == null
                        || line.text().startsWith("(bad)")
                        || line.text().startsWith(".byte")) break; // data between functions
                var decoded = Decoder.decode(code, at);
                int length = decoded.map(Instruction::length).orElse(0);
                if (length != line.length())
                    differences.add(function.name() + "+" + at + ": " + length + ", not " + line);
                at += line.length();
                compared++;
            }
        }
        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(real.atLeast() * 20);
    }

    @ParameterizedTest
    @MethodSource("files")
    void thePlaceIsEmulatedAndTheArgumentsAreIntact(Real real) throws Exception {
        var disassembly = Disassembly.of(real.file());
        var elf = ((ElfFile.Opened.Elf) ElfFile.open(real.file())).file();
        var wrong = new ArrayList<String>();
        int emulated = 0;
        for (var function : real.functions()) {
            byte[] code = elf.code(function);
            var place = Placement.of(code, real.abi());
            if (!place.emulated()) continue;
            emulated++;
            var at = disassembly.lines().get(function.address() + place.offset());
            if (at == null || !isEmulated(at)) wrong.add(function.name() + ": " + at);
            for (var before : disassembly
                    .lines()
                    .subMap(function.address(), function.address() + place.offset())
                    .values()) {
                boolean guard =
                        real.abi() == Abi.GO && before.mnemonic().matches("jbe?") && startsOver(disassembly, function);
                if (writesArgument(before, real.abi()) || (before.mnemonic().startsWith("j") && !guard))
                    wrong.add(function.name() + ": " + before);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(emulated).isGreaterThan(real.atLeast() / 3);
    }

    /** Whether a jump leads back to the function's first byte. */
    private static boolean startsOver(Disassembly disassembly, ElfFunction function) {
        return disassembly.lines().subMap(function.address(), function.address() + function.size()).values().stream()
                .anyMatch(line -> line.text().matches("jmp +" + Long.toHexString(function.address()) + "\\b.*"));
    }

    private static boolean isEmulated(Disassembly.Line line) {
        return EMULATED.contains(line.mnemonic()) && !line.text().contains("*")
                || line.mnemonic().matches("j[a-z]+");
    }

    /** The last operand is what an instruction writes, in this notation. */
    private static boolean writesArgument(Disassembly.Line line, Abi abi) {
        if (READ_ONLY.contains(line.mnemonic()) || !line.text().contains("%")) return false;
        var last = line.text()
                .substring(line.text().lastIndexOf(',') + 1)
                .replaceFirst("^\\S+ +", "")
                .strip();
        if (!last.startsWith("%")) return false;
        var register = last.substring(1)
                .replaceFirst("^r(?=[a-ds])|^e", "")
                .replaceFirst("^([a-d])l$", "$1x")
                .replaceFirst("^(di|si)l$", "$1")
                .replaceFirst("^(r\\d+).$", "$1");
        return (abi == Abi.GO ? GO_ARGUMENTS : ARGUMENTS).contains(register);
    }
}
