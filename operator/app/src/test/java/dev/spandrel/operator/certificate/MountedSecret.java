package dev.spandrel.operator.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** A Secret as a kubelet lays it out in a pod's folder. */
final class MountedSecret {
    private final Path folder;
    private int versions;

    MountedSecret(Path folder) {
        this.folder = folder;
    }

    /** A new folder beside the old one, and the link to it replaced at once. */
    void swap(Map<String, String> files) throws IOException {
        Path version = Files.createDirectory(folder.resolve("..version-" + ++versions));
        for (var file : files.entrySet()) {
            Files.writeString(version.resolve(file.getKey()), file.getValue());
            Path name = folder.resolve(file.getKey());
            if (!Files.isSymbolicLink(name)) Files.createSymbolicLink(name, Path.of("..data", file.getKey()));
        }
        Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), version.getFileName());
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
