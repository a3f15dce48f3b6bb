package dev.spandrel.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class SbomTest {
    @Test
    void namesJarsPackagesAndTheRuntime() throws Exception {
        Sbom sbom = new Sbom(
                "spandrel-agent",
                "0.1.0",
                Component.jars(List.of("io.grpc:grpc-stub::jar:1.79.0", "a.b:native:linux:jar:1", "")),
                Component.packages(List.of("libbpf1 1:1.1.2-0+deb12u1 amd64")),
                "25.0.3+9-LTS");
        JsonNode bom = new ObjectMapper().readTree(sbom.json());
        assertThat(bom.get("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(bom.at("/metadata/component/name").asText()).isEqualTo("spandrel-agent");
        assertThat(bom.get("components"))
                .extracting(component -> component.get("purl").asText())
                .containsExactly(
                        "pkg:generic/jdk@25.0.3%2B9-LTS",
                        "pkg:maven/a.b/native@1",
                        "pkg:maven/io.grpc/grpc-stub@1.79.0",
                        "pkg:deb/debian/libbpf1@1:1.1.2-0%2Bdeb12u1?arch=amd64");
    }
}
