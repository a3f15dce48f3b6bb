package dev.spandrel.probe.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments by their names in programs that are compiled here with debug information of all kinds: the program prints what it is called with, and so does the probe. */
class UserTypesKernelIT {
    private static final Path SOURCES = Path.of("src/test/resources/programs");
    private static final String FIELDS =
            "args.o->id, str(args.o->customer), args.o->in.a, args.o->in.b[2], args.o->y, args.o->flag, args.o->rest, args.o->next->id, args.n, args.c, str(args.why)";

    @TempDir
    Path folder;

    @BeforeAll
    static void canRun() {
        KernelRung.require();
        KernelRung.require(Path.of("/usr/bin/gcc"), "gcc");
        KernelRung.require(Path.of("/usr/bin/clang"), "clang");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gcc -O2 -gdwarf-5",
                "gcc -O2 -gdwarf-5 -gdwarf64 -ffunction-sections",
                "gcc -O2 -gdwarf-5 -gz",
                "gcc -O0 -gdwarf-4",
                "gcc -O2 -gdwarf-2 -gstrict-dwarf",
                "clang -O2 -g",
                "clang -O1 -gdwarf-4"
            })
    void structsOfC(String compiler) throws IOException, InterruptedException {
        Path program = compiled(compiler, "order.c");
        String plain = output(List.of(program.toString()));
        String probed = Tracer.running(
                "uprobe:%s:take { printf(\"%%d %%s %%d %%d %%d %%d %%d %%d %%d %%d %%s\\n\", %s); }"
                        .formatted(program, FIELDS),
                program.toString());
        assertThat(plain.lines()).hasSize(3);
        assertThat(probed.strip()).isEqualTo((plain + plain).strip());
    }

    /** A place for the result goes before the arguments; behind a struct that is handed over itself nothing is certain. */
    @Test
    void whatIsNotCertainIsNotThere() throws IOException, InterruptedException {
        Path program = compiled("gcc -O2 -g", "order.c");
        assertThat(Tracer.running(
                        "uprobe:%1$s:returned { @a[args.a] = count(); @b = max(args.b); } uprobe:%1$s:handed { @first = sum(args.first); } END { printf(\"\\n\"); }"
                                .formatted(program),
                        program.toString()))
                .contains("@a[0]: 1\n@a[1]: 1\n@a[2]: 1\n")
                .contains("@b: 2\n")
                .contains("@first: 3\n");
        assertThat(Tracer.running("uprobe:%s:handed { @ = args.after; }".formatted(program), program.toString()))
                .contains("has no argument 'after'")
                .contains("it has first");
        assertThat(Tracer.running("uretprobe:%s:take { @ = args.n; }".formatted(program), program.toString()))
                .contains("args is there where a function begins");
    }

    @Test
    void methodsOfCPlusPlus() throws IOException, InterruptedException {
        Path program = compiled("g++ -O2 -g", "shop.cc");
        String plain = output(List.of(program.toString()));
        String probed = Tracer.running(
                "uprobe:%s:\"shop::Basket::add\" { printf(\"%%d %%d %%d %%d\\n\", args.this->number, args.this->owner, args.item.price, args.pieces); }"
                        .formatted(program),
                program.toString());
        assertThat(plain.lines()).hasSize(3);
        assertThat(probed.strip()).isEqualTo((plain + plain).strip());
    }

    private Path compiled(String compiler, String source) throws IOException, InterruptedException {
        Path program = folder.resolve("program");
        var line = new ArrayList<>(List.of(compiler.split(" ")));
        line.addAll(List.of("-o", program.toString(), SOURCES.resolve(source).toString()));
        assertThat(output(line)).isEmpty();
        assertThat(Files.isExecutable(program)).isTrue();
        return program;
    }

    private static String output(List<String> line) throws IOException, InterruptedException {
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }
}
