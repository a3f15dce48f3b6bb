package dev.spandrel.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed CRDs are what the records say. {@code -Dspandrel.refresh=true} rewrites them. */
final class GeneratedCrdTest {
    @TempDir
    Path output;

    @Test
    void generatingChangesNothing() throws IOException {
        unchanged(TracePolicy.class, new SchemaDetails(), "tracepolicies.spandrel.dev-v1");
    }

    @Test
    void generatingProbeSetsChangesNothing() throws IOException {
        unchanged(ProbeSet.class, new ProbeSetDetails(), "probesets.spandrel.dev-v1");
    }

    private void unchanged(Class<? extends CustomResource<?, ?>> type, CRDPostProcessor details, String name)
            throws IOException {
        new CRDGenerator()
                .customResourceClasses(type)
                .forCRDVersions("v1")
                .withPostProcessor(details)
                .inOutputDir(output.toFile())
                .generate();
        String generated = Files.readString(output.resolve(name + ".yml"));
        Path committed = Path.of("generated", name + ".yaml");
        if (Boolean.getBoolean("spandrel.refresh")) {
            Files.writeString(committed, generated);
        }
        assertThat(Files.readString(committed))
                .as("committed CRD; refresh with -Dspandrel.refresh=true")
                .isEqualTo(generated);
    }
}
