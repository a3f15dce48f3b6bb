package dev.spandrel.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.ebpf.code.Abi;
import dev.spandrel.ebpf.code.Placement;
import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chosen place is passed once by each call: it and the entry are probed in real files that only this test runs, and the hits compared. */
class PlacementKernelIT {
    private static final int FUNCTIONS = 40;

    @TempDir
    Path directory;

    /** By a perf event, and by a link of its own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inALibrary(boolean linked) throws Exception {
        KernelRung.require();
        var copy = copy(
                find("libssl.so.3", "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64"), "libssl.so.3");
        compare(
                linked,
                copy,
                Abi.SYSTEM_V,
                name -> name.matches(
                        "OPENSSL_init_ssl|SSL_new|SSL_free|SSL_CIPHER_.*|SSL_CTX_(new|free|set).*|SSL_get1.*|TLS_.*"),
                "env",
                "LD_LIBRARY_PATH=" + directory,
                "openssl",
                "ciphers",
                "-v",
                "-s",
                "ALL");
    }

    @Test
    void inAGoProgram() throws Exception {
        KernelRung.require();
        var copy = copy(find("gofmt", goFolders()), "gofmt");
        var source = Files.writeString(
                directory.resolve("a.go"), "package a\n\nfunc  f( a int )(b int) { return a+ 1 }\n".repeat(1));
        compare(
                true,
                copy,
                Abi.GO,
                name -> name.startsWith("go/parser.(*parser).") || name.startsWith("go/printer.(*printer)."),
                copy.toString(),
                "-l",
                source.toString());
    }

    /** Where a goroutine's stack is too small its function begins again, which is not another call. */
    @Test
    void onAGrowingStack() throws Exception {
        KernelRung.require();
        var source = Files.writeString(directory.resolve("deep.go"), """
                package main

                //go:noinline
                func deep(n int) int {
                	var room [64]int
                	room[n%64] = n
                	if n == 0 {
                		return 0
                	}
                	return deep(n-1) + room[(n+1)%64]
                }

                func main() {
                	done := make(chan int)
                	for i := 0; i < 8; i++ {
                		go func() { done <- deep(199) }()
                	}
                	for i := 0; i < 8; i++ {
                		<-done
                	}
                }
                """);
        var program = directory.resolve("deep");
        run(find("go", goFolders()).toString(), "build", "-o", program.toString(), source.toString());
        var elf = ((ElfFile.Opened.Elf) ElfFile.open(program)).file();
        var deep = elf.goFunctions("main.deep"::equals).get("main.deep");
        long entry = elf.fileOffset(deep.address()).orElseThrow();
        int place = Placement.of(elf.code(deep), Abi.GO).offset();
        try (var object = BpfObject.open(KernelRung.sample(), "sample").disable("t_refused")) {
            object.program("t_hit").attachByLink();
            object.load();
            try (var first = object.program("t_hit").attach(new UprobePlace(program, entry, 0, false));
                    var chosen = object.program("t_hit").attach(new UprobePlace(program, entry + place, 1, false))) {
                run(program.toString());
            }
            assertThat(hits(object, 0))
                    .as("entries, with those that began again")
                    .isGreaterThan(1600);
            assertThat(hits(object, 1)).as("calls").isEqualTo(1600);
        }
    }

    private static void run(String... command) throws Exception {
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        assertThat(builder.start().waitFor()).as(String.join(" ", command)).isZero();
    }

    private static String[] goFolders() {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/local/go/bin", "/usr/lib/go/bin"))
                .toArray(String[]::new);
    }

    private void compare(boolean linked, Path file, Abi abi, Predicate<String> wanted, String... command)
            throws Exception {
        var elf = ((ElfFile.Opened.Elf) ElfFile.open(file)).file();
        var functions = moved(elf, abi, (abi == Abi.GO ? elf.goFunctions(wanted) : elf.functions(wanted)).values());
        try (var object = BpfObject.open(KernelRung.sample(), "sample").disable("t_refused")) {
            if (linked) object.program("t_hit").attachByLink();
            object.load();
            var links = new ArrayList<Link>();
            for (int i = 0; i < functions.size(); i++) {
                long entry = elf.fileOffset(functions.get(i).address()).orElseThrow();
                int place = Placement.of(elf.code(functions.get(i)), abi).offset();
                links.add(object.program("t_hit").attach(new UprobePlace(file, entry, 2L * i, false)));
                links.add(object.program("t_hit").attach(new UprobePlace(file, entry + place, 2L * i + 1, false)));
            }
            run(command);
            links.forEach(Link::close);
            int hit = 0;
            for (int i = 0; i < functions.size(); i++) {
                long entries = hits(object, 2 * i);
                var calls =
                        assertThat(hits(object, 2 * i + 1)).as(functions.get(i).name());
                if (abi == Abi.GO) calls.isBetween(Math.min(1, entries), entries);
                else calls.isEqualTo(entries);
                if (entries > 0) hit++;
            }
            assertThat(hit).as("functions that the run called").isGreaterThanOrEqualTo(2);
        }
    }

    /** Those whose place is not their first byte. */
    private static List<ElfFunction> moved(ElfFile elf, Abi abi, Collection<ElfFunction> all) {
        return all.stream()
                .sorted(Comparator.comparing(ElfFunction::name))
                .filter(function -> Placement.of(elf.code(function), abi).offset() > 0)
                .limit(FUNCTIONS)
                .toList();
    }

    private static long hits(BpfObject object, int key) {
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(JAVA_LONG);
            object.map("t_hits").lookup(arena.allocateFrom(JAVA_INT, key), value);
            return value.get(JAVA_LONG, 0);
        }
    }

    private Path copy(Path file, String name) throws Exception {
        var copy = Files.copy(file, directory.resolve(name));
        assertThat(copy.toFile().setExecutable(true)).isTrue();
        return copy;
    }

    private static Path find(String name, String... folders) {
        return Stream.of(folders)
                .map(folder -> Path.of(folder, name))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is missing"));
    }
}
