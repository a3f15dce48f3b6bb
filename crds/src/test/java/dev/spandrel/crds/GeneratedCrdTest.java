package dev.spandrel.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed CRD is what the records say. {@code -Dspandrel.refresh=true} rewrites it. */
final class GeneratedCrdTest {
    private static final Path COMMITTED = Path.of("generated/tracepolicies.spandrel.dev-v1.yaml");

    @Test
    void generatingChangesNothing(@TempDir Path output) throws IOException {
        new CRDGenerator()
                .customResourceClasses(TracePolicy.class)
                .forCRDVersions("v1")
                .withPostProcessor(new SchemaDetails())
                .inOutputDir(output.toFile())
                .generate();
        String generated = Files.readString(output.resolve("tracepolicies.spandrel.dev-v1.yml"));
        if (Boolean.getBoolean("spandrel.refresh")) {
            Files.writeString(COMMITTED, generated);
        }
        assertThat(Files.readString(COMMITTED))
                .as("committed CRD; refresh with -Dspandrel.refresh=true")
                .isEqualTo(generated);
    }
}
