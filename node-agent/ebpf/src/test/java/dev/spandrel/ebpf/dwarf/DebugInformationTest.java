package dev.spandrel.ebpf.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.ebpf.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebugInformationTest {
    private static final String SOURCE = """
            struct node { struct node *next; unsigned kind : 4; long values[2][3]; };
            __attribute__((noinline)) long walk(struct node *from, const char *why, double weight) { return from->values[1][2] + *why; }
            int main(void) { struct node n = {0}; return walk(&n, "", 1.0); }
            """;

    @TempDir
    Path folder;

    private Path compiled() throws IOException, InterruptedException {
        Path program = folder.resolve("program");
        var gcc = new ProcessBuilder("gcc", "-g", "-O1", "-xc", "-", "-o", program.toString()).start();
        gcc.getOutputStream().write(SOURCE.getBytes());
        gcc.getOutputStream().close();
        assertThat(gcc.waitFor()).isZero();
        return program;
    }

    private static Optional<Function> walk(Path program, long address) {
        return ElfFile.open(program) instanceof ElfFile.Opened.Elf(var elf)
                ? DebugInformation.of(elf).flatMap(info -> info.function(address))
                : Optional.empty();
    }

    private static ElfFile elf(Path program) {
        return ((ElfFile.Opened.Elf) ElfFile.open(program)).file();
    }

    @Test
    void parametersAndMembers() throws IOException, InterruptedException {
        Path program = compiled();
        long address = elf(program).functions("walk"::equals).get("walk").address();
        var function = walk(program, address).orElseThrow();
        assertThat(function.parameters()).extracting(Function.Parameter::name).containsExactly("from", "why", "weight");
        var struct = function.parameters()
                .getFirst()
                .type()
                .orElseThrow()
                .reference(Dwarf.TYPE)
                .orElseThrow();
        assertThat(struct.children()).extracting(Entry::name).containsExactly("next", "kind", "values");
        assertThat(struct.children().getLast().memberOffset()).hasValue(16);
        assertThat(walk(program, address + 1)).isEmpty();
    }

    /** Each byte of it is another one once in some hundred times: whatever is said then, it ends, and nothing is thrown. */
    @Test
    void brokenInformationIsAsIfItWereNotThere() throws IOException, InterruptedException {
        Path program = compiled();
        var elf = elf(program);
        long address = elf.functions("walk"::equals).get("walk").address();
        byte[] whole = Files.readAllBytes(program);
        var random = new Random(7);
        int different = 0;
        for (int round = 0; round < 1_000; round++) {
            byte[] broken = whole.clone();
            for (var section : new String[] {".debug_info", ".debug_abbrev", ".debug_aranges", ".debug_str"}) {
                var where = elf.section(section).orElseThrow();
                broken[(int) (where.offset() + random.nextLong(where.size()))] = (byte) random.nextInt();
            }
            Path copy = Files.write(folder.resolve("broken"), broken);
            var said = walk(copy, address);
            said.ifPresent(
                    function -> function.parameters().forEach(one -> one.type().ifPresent(Entry::children)));
            if (said.isEmpty()) different++;
        }
        assertThat(different).isBetween(100, 999);
    }
}
