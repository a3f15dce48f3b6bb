package dev.spandrel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A program of the table in a cgroup of its own, and what it wrote down: METHOD PATH STATUS, a line per exchange. */
final class ProgramRun implements AutoCloseable {
    private static final Path FOLDER = Checkout.ROOT.resolve("tests-e2e/programs");
    private static final Pattern EXCHANGE = Pattern.compile("[A-Z]+ /[^ /]+\\.[^ /]+/[^ ]* \\d{3}");

    private final Path directory;
    private final TestCgroup cgroup;

    ProgramRun(Path parent, String role, String name) {
        try {
            directory = Files.createDirectories(parent.resolve(role + "-" + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cgroup = TestCgroup.make(role + "-" + name);
    }

    TestCgroup cgroup() {
        return cgroup;
    }

    /** Values are those of the placeholders PORT, UPSTREAM and FILES. */
    void serve(List<String> command, Map<String, String> values) {
        cgroup.start(FOLDER, Optional.empty(), log(), filled(command, values));
    }

    /** The plan becomes its standard input. */
    Process ask(List<String> command, Path plan) {
        return cgroup.start(FOLDER, Optional.of(plan), log(), filled(command, Map.of()));
    }

    /** The exchanges it logged. */
    List<String> logged() {
        try (var lines = Files.lines(log())) {
            return lines.filter(line -> EXCHANGE.matcher(line).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything it wrote, for a message. */
    String output() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return directory.resolve("log");
    }

    private List<String> filled(List<String> command, Map<String, String> values) {
        Map<String, String> all = new HashMap<>(values);
        all.put("BUILT", Checkout.ROOT.resolve(".spandrel/programs").toString());
        all.put("JAVA", Path.of(System.getProperty("java.home"), "bin/java").toString());
        all.put("DIR", directory.toString());
        all.put("LOG", log().toString());
        return command.stream().map(word -> filled(word, all)).toList();
    }

    private String filled(String word, Map<String, String> values) {
        if (!word.startsWith("@")) {
            return replaced(word, "{", "}", values);
        }
        Path file = Path.of(word.replace("@", ""));
        try {
            String text = replaced(Files.readString(FOLDER.resolve(file)), "@", "@", values);
            return Files.writeString(directory.resolve(file.getFileName()), text)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String replaced(String text, String before, String after, Map<String, String> values) {
        String result = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            result = result.replace(before + value.getKey() + after, value.getValue());
        }
        return result;
    }

    @Override
    public void close() {
        cgroup.close();
    }
}
