package dev.spandrel.probe.live.facts;

import dev.spandrel.probe.type.Tracepoint;
import dev.spandrel.probe.type.Tracepoint.Field;
import dev.spandrel.probe.type.Type;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tracepoints as the kernel's format files describe them. */
final class Formats {
    private static final Pattern FIELD =
            Pattern.compile("\\s*field:(.*?)\\s*;\\s*offset:(\\d+);\\s*size:(\\d+);\\s*signed:(\\d+);.*");
    private static final Pattern DECLARED = Pattern.compile("(.*?)(\\w+)\\s*(\\[(.*?)])?");
    private static final Pattern ID = Pattern.compile("ID: (\\d+)");
    private static final int DYNAMIC_TEXT = 64;

    private final Path events;
    private final Function<String, Optional<Type>> types;

    Formats(Path events, Function<String, Optional<Type>> types) {
        this.events = events;
        this.types = types;
    }

    /** As category:name, in order. */
    List<String> list(String category, String name) {
        var found = new ArrayList<String>();
        for (String folder : matching(events, category))
            for (String event : matching(events.resolve(folder), name))
                if (Files.exists(events.resolve(folder).resolve(event).resolve("format")))
                    found.add(folder + ":" + event);
        found.sort(null);
        return found;
    }

    private static List<String> matching(Path folder, String pattern) {
        if (!pattern.contains("*") && !pattern.contains("?"))
            return Files.isDirectory(folder.resolve(pattern)) ? List.of(pattern) : List.of();
        var wanted = Globs.pattern(pattern);
        var found = new ArrayList<String>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (wanted.matcher(name).matches() && Files.isDirectory(entry)) found.add(name);
            }
        } catch (IOException e) {
            return List.of();
        }
        return found;
    }

    Optional<Tracepoint> read(String category, String name) {
        try {
            return Optional.of(parse(
                    category,
                    name,
                    Files.readString(events.resolve(category).resolve(name).resolve("format"))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    Tracepoint parse(String category, String name, String text) {
        int id = 0;
        var fields = new ArrayList<Field>();
        for (String line : text.split("\n")) {
            Matcher number = ID.matcher(line);
            if (number.matches()) id = Integer.parseInt(number.group(1));
            Matcher field = FIELD.matcher(line);
            if (field.matches()) field(field, category.equals("syscalls")).ifPresent(fields::add);
        }
        return new Tracepoint(category, name, id, List.copyOf(fields));
    }

    private Optional<Field> field(Matcher line, boolean user) {
        Matcher declared = DECLARED.matcher(line.group(1));
        if (!declared.matches()) return Optional.empty();
        String type = declared.group(1).replace("const ", "").strip();
        String name = declared.group(2);
        int offset = Integer.parseInt(line.group(2));
        int size = Integer.parseInt(line.group(3));
        boolean signed = line.group(4).equals("1");
        boolean dynamic = type.startsWith("__data_loc") || type.startsWith("__rel_loc");
        boolean array = declared.group(3) != null;
        return Optional.of(new Field(
                name, typeOf(type, array, dynamic, size, signed, user), offset, size, dynamic, line.group(1)));
    }

    private Type typeOf(String declared, boolean array, boolean dynamic, int size, boolean signed, boolean user) {
        if (dynamic) return declared.contains("char") ? new Type.Text(DYNAMIC_TEXT) : new Type.Int(4, false);
        if (declared.endsWith("*")) return pointer(declared, user);
        if (array) {
            Type element = types.apply(declared).orElse(new Type.Int(1, false));
            if (declared.equals("char")) return new Type.Text(size);
            int each = Math.max(1, Type.natural(element));
            return new Type.Array(element, size / each);
        }
        // A system call's int is half a register: the rest is whatever the caller left there.
        Type named = types.apply(declared).orElse(new Type.Int(Math.min(8, size), signed));
        if (named instanceof Type.Int(int own, boolean s))
            return own < size || Integer.bitCount(size) != 1
                    ? new Type.Int(own, s)
                    : new Type.Int(Math.min(8, size), s);
        return new Type.Int(Integer.bitCount(size) == 1 && size <= 8 ? size : 8, signed);
    }

    private Type pointer(String declared, boolean user) {
        String pointed = declared.substring(0, declared.length() - 1)
                .replace("__user", "")
                .strip();
        if (pointed.endsWith("*")) return new Type.Pointer(pointer(pointed, user), user);
        if (pointed.startsWith("struct ")) return new Type.Pointer(new Type.Struct(pointed), user);
        return new Type.Pointer(types.apply(pointed).orElse(new Type.Int(1, false)), user);
    }
}
