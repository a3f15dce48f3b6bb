package dev.spandrel.agent.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The policy files of a folder as they are now. Links are followed; hidden files and other suffixes are not policies. */
record PolicyFolder(Path folder) {
    /** `changed` is when the content or the name came to be, `written` when the content was. */
    record PolicyText(String text, FileTime changed, Instant written) {}

    /** By file name. Empty if the folder does not exist or cannot be read. */
    SortedMap<String, PolicyText> read() throws IOException {
        var texts = new TreeMap<String, PolicyText>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (var file : entries.filter(PolicyFolder::isPolicy).toList())
                read(file).ifPresent(text -> texts.put(file.getFileName().toString(), text));
        }
        return texts;
    }

    private static Optional<PolicyText> read(Path file) throws IOException {
        try {
            var changed = (FileTime) Files.getAttribute(file, "unix:ctime");
            var written = Files.getLastModifiedTime(file).toInstant();
            return Optional.of(
                    new PolicyText(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), changed, written));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static boolean isPolicy(Path file) {
        var name = file.getFileName().toString();
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml")) && Files.isRegularFile(file);
    }
}
