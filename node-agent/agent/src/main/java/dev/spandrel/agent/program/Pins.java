package dev.spandrel.agent.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spandrel.ebpf.BpfObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A directory of a BPF file system where a sensor outlives its agent. What was loaded is in a directory of its own, named by what it was made of: only the same object, of the same build
 * and with maps of the same sizes, is found again. It gets its name when all of it is there.
 */
record Pins(Path directory) {
    private static final String SENSOR = "sensor_";
    private static final String MAKING = "making";

    /** Where a sensor of these objects is, or will be. */
    Path of(MapSizes sizes, byte[]... objects) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var elf : objects) digest.update(elf);
            digest.update(sizes.toString().getBytes(UTF_8));
            return directory.resolve(SENSOR + HexFormat.of().formatHex(digest.digest(), 0, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives names to what was loaded, and returns where. */
    Path make(BpfObject object, Path sensor) {
        var making = directory.resolve(MAKING);
        try {
            remove(making);
            Files.createDirectory(making);
            object.pin(making);
            return Files.move(making, sensor);
        } catch (IOException e) {
            throw new UncheckedIOException("pinning below " + directory, e);
        }
    }

    /** What other agents left: it ends with its names. */
    void removeAllBut(Optional<Path> kept) {
        for (var path : inside(directory)) {
            var name = path.getFileName().toString();
            if (!kept.equals(Optional.of(path)) && (name.startsWith(SENSOR) || name.equals(MAKING))) remove(path);
        }
    }

    /** Links first, so that all is over at once. */
    static void remove(Path sensor) {
        try {
            if (!Files.exists(sensor)) return;
            for (var path : inside(sensor)) Files.delete(path);
            Files.delete(sensor);
        } catch (IOException e) {
            throw new UncheckedIOException("unpinning " + sensor, e);
        }
    }

    /** By name: links come before maps and programs. */
    private static List<Path> inside(Path directory) {
        try (var all = Files.list(directory)) {
            return all.sorted(Comparator.comparing(Path::toString)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(directory.toString(), e);
        }
    }
}
