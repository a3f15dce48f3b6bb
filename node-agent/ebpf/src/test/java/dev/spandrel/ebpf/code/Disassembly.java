package dev.spandrel.ebpf.code;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What binutils says of a file's code: address → length and text. */
record Disassembly(TreeMap<Long, Line> lines) {
    record Line(int length, String text) {
        String mnemonic() {
            return text.replaceFirst(
                            "^((data16|cs|ds|es|ss|fs|gs|rex\\S*|bnd|notrack|lock|repz|repnz|rep|addr32) +)+(?=\\S)",
                            "")
                    .split("[ ,]")[0];
        }
    }

    private static final Pattern LINE = Pattern.compile(" *([0-9a-f]+):\t((?:[0-9a-f]{2} )+) *\t?(.*)");

    static Disassembly of(Path file) throws IOException, InterruptedException {
        var output = Files.createTempFile("disassembly", ".txt");
        try {
            var objdump = new ProcessBuilder("objdump", "-dw", "-j", ".text", file.toString())
                    .redirectOutput(output.toFile())
                    .start();
            if (objdump.waitFor() != 0)
                throw new AssertionError(new String(objdump.getErrorStream().readAllBytes()));
            var lines = new TreeMap<Long, Line>();
            try (var text = Files.lines(output)) {
                text.map(LINE::matcher)
                        .filter(line -> line.matches())
                        .forEach(line -> lines.put(
                                Long.parseLong(line.group(1), 16),
                                new Line(
                                        line.group(2).length() / 3,
                                        line.group(3).replaceFirst(" *#.*", "").strip())));
            }
            return new Disassembly(lines);
        } catch (IOException e) {
            return missing("objdump is missing: apt-get install binutils");
        } finally {
            Files.delete(output);
        }
    }

    static Path library(String name) {
        return Stream.of("/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64")
                .map(folder -> Path.of(folder, name))
                .filter(Files::exists)
                .findFirst()
                .orElseGet(() -> missing(name + " is missing"));
    }

    static <T> T missing(String why) {
        if ("true".equals(System.getenv("CI"))) throw new AssertionError(why);
        return abort(why);
    }
}
