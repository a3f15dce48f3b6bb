package dev.spandrel.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTest {
    private static final Image IMAGE = new Image("spandrel-test:1", "65532", List.of("/bin/program", "--fast"));

    @TempDir
    Path temp;

    @Test
    void sameFilesGiveTheSameDigestWhenAndWhereverTheyWereMade() throws Exception {
        Path first = layers("first");
        Path second = layers("second");
        Files.setLastModifiedTime(second.resolve("1-system/bin/program"), FileTime.fromMillis(1));
        assertThat(IMAGE.write(first, temp.resolve("first.tar")))
                .isEqualTo(IMAGE.write(second, temp.resolve("second.tar")));
        assertThat(temp.resolve("first.tar")).hasSameBinaryContentAs(temp.resolve("second.tar"));
    }

    @Test
    void anotherContentGivesAnotherDigest() throws Exception {
        Path first = layers("first");
        Path second = layers("second");
        Files.writeString(second.resolve("2-app/app/data"), "other");
        assertThat(IMAGE.write(first, temp.resolve("first.tar")))
                .isNotEqualTo(IMAGE.write(second, temp.resolve("second.tar")));
    }

    @Test
    void runsTheCommandAsTheUser() throws Exception {
        String digest = IMAGE.write(layers("layers"), temp.resolve("image.tar"));
        Path out = Files.createDirectory(temp.resolve("out"));
        assertThat(new ProcessBuilder("tar", "-xf", temp.resolve("image.tar").toString(), "-C", out.toString())
                        .start()
                        .waitFor())
                .isZero();
        JsonNode manifest = blob(out, digest);
        JsonNode config = blob(out, manifest.at("/config/digest").asText()).get("config");
        assertThat(config.get("User").asText()).isEqualTo("65532");
        assertThat(config.get("Entrypoint")).extracting(JsonNode::asText).containsExactly("/bin/program", "--fast");
        assertThat(manifest.get("layers")).hasSize(2);
    }

    private static JsonNode blob(Path image, String digest) throws IOException {
        return new ObjectMapper()
                .readTree(
                        image.resolve("blobs").resolve(digest.replace(':', '/')).toFile());
    }

    private Path layers(String name) throws IOException {
        Path layers = temp.resolve(name);
        Files.createDirectories(layers.resolve("1-system/bin"));
        Files.createDirectories(layers.resolve("2-app/app"));
        Path program = Files.writeString(layers.resolve("1-system/bin/program"), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.writeString(layers.resolve("2-app/app/data"), "data");
        return layers;
    }
}
