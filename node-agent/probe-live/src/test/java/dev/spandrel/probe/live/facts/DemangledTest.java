package dev.spandrel.probe.live.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class DemangledTest {
    private static final String LIBRARY = "libstdc++.so.6";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_Z4mainv | main()",
                "_ZN3foo3barEi | foo::bar(int)",
                "_ZNK3foo3barEPKc | foo::bar(char const*) const",
                "_ZN3fooC1ERKS_ | foo::foo(foo const&)",
                "_ZNSt6vectorIiSaIiEE9push_backERKi | std::vector<int, std::allocator<int> >::push_back(int const&)",
                "_Z3addIiET_S0_S0_ | int add<int>(int, int)",
                "_ZN4core3fmt9Formatter9write_str17h0123456789abcdefE | core::fmt::Formatter::write_str",
                "_ZN29_$LT$a..B$u20$as$u20$c..D$GT$3run17h0123456789abcdefE | <a::B as c::D>::run",
                "_Znonsense | _Znonsense",
                "printf | printf",
                "_R | _R",
                "_RNvC1 | _RNvC1",
                "_RNvB_1x | _RNvB_1x",
                "_RNvC99999999999x | _RNvC99999999999x"
            })
    @CsvFileSource(resources = "/rust-names.txt", delimiter = '|', quoteCharacter = '`')
    void namesAsWritten(String name, String written) {
        assertThat(Demangled.of(name)).isEqualTo(written);
    }

    /** Of all functions of the C++ library, against the binutils. What is in few programs may differ. */
    @Test
    void agreesWithBinutils(@TempDir Path folder) throws IOException, InterruptedException {
        var library = Executables.own().find(LIBRARY);
        assumeTrue(!library.isEmpty() && Files.isExecutable(Path.of("/usr/bin/c++filt")), "no libstdc++ or c++filt");
        var names = Executables.own().functions(library.getFirst()).keySet().stream()
                .filter(n -> n.startsWith("_Z"))
                .toList();
        var input = Files.write(folder.resolve("names"), names);
        var filter = new ProcessBuilder("/usr/bin/c++filt")
                .redirectInput(input.toFile())
                .start();
        var expected = new String(filter.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        filter.waitFor();
        int same = 0;
        int wrong = 0;
        var examples = new java.util.ArrayList<String>();
        for (int i = 0; i < names.size(); i++) {
            String shown = Demangled.of(names.get(i));
            if (shown.equals(expected.get(i))) same++;
            else if (!shown.equals(names.get(i))) {
                wrong++;
                if (examples.size() < 20) examples.add(names.get(i) + "\n  " + shown + "\n  " + expected.get(i));
            }
        }
        assertThat(names).hasSizeGreaterThan(3_000);
        assertThat(same)
                .as("of %d names the same, %d wrong:%n%s", names.size(), wrong, String.join("\n", examples))
                .isGreaterThan(names.size() * 95 / 100);
    }
}
