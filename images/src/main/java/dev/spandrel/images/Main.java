package dev.spandrel.images;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What {@code ./dev images} calls. */
public final class Main {
    private static final String USAGE = """
            usage: image NAME:TAG LAYERS USER OUT.tar WORD…     the folders in LAYERS, by name, as layers from scratch; prints the digest
                   sbom NAME VERSION JARS PACKAGES JDK OUT.json  CycloneDX of a list of jars, of Debian packages and of the JDK
                   jar JAR…                                     makes the jars of what Quarkus recorded the same for the same sources""";

    private Main() {}

    public static void main(String... arguments) throws Exception {
        List<String> words = Arrays.asList(arguments);
        if (words.size() >= 6 && words.getFirst().equals("image")) {
            Image image = new Image(words.get(1), words.get(3), words.subList(5, words.size()));
            System.out.println(image.write(Path.of(words.get(2)), Path.of(words.get(4))));
        } else if (words.size() == 7 && words.getFirst().equals("sbom")) {
            Sbom sbom = new Sbom(
                    words.get(1),
                    words.get(2),
                    Component.jars(Files.readAllLines(Path.of(words.get(3)))),
                    Component.packages(Files.readAllLines(Path.of(words.get(4)))),
                    words.get(5));
            Files.writeString(Path.of(words.get(6)), sbom.json());
        } else if (words.size() >= 2 && words.getFirst().equals("jar")) {
            for (String jar : words.subList(1, words.size())) {
                StableJar.stabilize(Path.of(jar));
            }
        } else {
            System.err.println(USAGE);
            System.exit(2);
        }
    }
}
