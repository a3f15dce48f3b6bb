package dev.spandrel.images;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * An image from scratch. Files keep their executable bit; owner, time and order are always the same.
 *
 * @param user as in {@code runAsUser}; empty for root
 * @param entrypoint words of the command
 */
record Image(String reference, String user, List<String> entrypoint) {
    private static final FilePermissions EXECUTABLE = FilePermissions.fromOctalString("755");
    private static final FilePermissions READABLE = FilePermissions.fromOctalString("644");

    Image {
        entrypoint = List.copyOf(entrypoint);
    }

    /** Writes an OCI archive of the folders in {@code layers}, each a layer, in the order of their names. Returns the image's digest. */
    String write(Path layers, Path archive)
            throws IOException, InterruptedException, ExecutionException, InvalidImageReferenceException {
        JibContainerBuilder image =
                Jib.fromScratch().setFormat(ImageFormat.OCI).setUser(user).setEntrypoint(entrypoint);
        for (Path layer : sorted(Files.list(layers))) {
            image.addFileEntriesLayer(layer(layer));
        }
        Path cache = Files.createTempDirectory(archive.toAbsolutePath().getParent(), "layers");
        try {
            return image.containerize(
                            cached(Containerizer.to(TarImage.at(archive).named(reference)), cache))
                    .getDigest()
                    .toString();
        } catch (com.google.cloud.tools.jib.api.RegistryException
                | com.google.cloud.tools.jib.api.CacheDirectoryCreationException e) {
            throw new IOException(e);
        } finally {
            delete(cache);
        }
    }

    /** An image is not remembered: what is in it depends on the files alone. */
    private static Containerizer cached(Containerizer containerizer, Path cache) {
        return containerizer
                .setBaseImageLayersCache(cache)
                .setApplicationLayersCache(cache)
                .setOfflineMode(true)
                .setToolName("spandrel");
    }

    private static FileEntriesLayer layer(Path folder) throws IOException {
        FileEntriesLayer.Builder layer =
                FileEntriesLayer.builder().setName(folder.getFileName().toString());
        for (Path file : sorted(Files.walk(folder))) {
            if (Files.isRegularFile(file)) {
                layer.addEntry(
                        file,
                        AbsoluteUnixPath.get("/")
                                .resolve(folder.relativize(file).toString()),
                        Files.isExecutable(file) ? EXECUTABLE : READABLE);
            }
        }
        return layer.build();
    }

    private static List<Path> sorted(Stream<Path> paths) {
        try (paths) {
            return paths.sorted().toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        for (Path path : sorted(Files.walk(folder)).reversed()) {
            Files.delete(path);
        }
    }
}
